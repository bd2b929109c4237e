using System.Collections.Concurrent;
using System.Linq.Expressions;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Where a message says which order it belongs to.</summary>
/// <typeparam name="T">The message.</typeparam>
internal static class OrderIdOf<T>
    where T : class
{
    /// <summary>Reads <c>OrderId</c>; null for a message that belongs to no single order.</summary>
    public static readonly Func<T, Guid>? Read = typeof(T).GetProperty("OrderId", typeof(Guid))?.GetMethod?.CreateDelegate<Func<T, Guid>>();
}

/// <summary>The order of a message whose type is known only when it is there.</summary>
public static class OrderIdOf
{
    private static readonly ConcurrentDictionary<Type, Func<object, Guid>?> Readers = new();

    /// <summary>Reads <c>OrderId</c>; null for a message that belongs to no single order.</summary>
    /// <param name="message">The message.</param>
    public static Guid? Message(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Readers.GetOrAdd(message.GetType(), ReaderOf)?.Invoke(message);
    }

    private static Func<object, Guid>? ReaderOf(Type type)
    {
        if (type.GetProperty("OrderId", typeof(Guid)) is not { } property)
            return null;
        var message = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, Guid>>(Expression.Property(Expression.Convert(message, type), property), message).Compile();
    }
}
