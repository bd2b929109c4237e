using System.Collections.Concurrent;
using System.Linq.Expressions;
using MassTransit;
using MassTransit.Middleware;

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

/// <summary>The partitions of this process's endpoints.</summary>
internal sealed class OrderPartitions(MessagingOptions options)
{
    // More partitions than messages at work, so that two orders seldom share one.
    private const int PartitionsPerMessage = 16;

    private readonly ConcurrentDictionary<string, IPartitioner> _byEndpoint = new();

    public IPartitioner Of(Uri inputAddress)
    {
        var endpoint = inputAddress.Segments[^1];
        return _byEndpoint.GetOrAdd(endpoint, name => new MassTransit.Middleware.Partitioner(
            options.ConcurrentMessageLimitOf(name) * PartitionsPerMessage, new Murmur3UnsafeHashGenerator()));
    }
}

/// <summary>
/// Messages of one order are handled one after another within an endpoint of a process.
/// Without it they would meet at the order's row in the database, each holding a connection while it waits.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
/// <remarks>This orders nothing between two replicas, or after a retry: every consumer is right in any order.</remarks>
internal sealed class OrderPartitionFilter<T>(OrderPartitions partitions) : IFilter<ConsumeContext<T>>
    where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next) =>
        OrderIdOf<T>.Read is { } orderId
            ? partitions.Of(context.ReceiveContext.InputAddress).GetPartitioner<ConsumeContext<T>>(message => orderId(message.Message).ToByteArray()).Send(context, next)
            : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("orderPartition");
}
