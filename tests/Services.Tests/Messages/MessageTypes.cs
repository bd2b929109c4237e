using System.Reflection;
using MassTransit;
using OrderSample.Contracts.Ordering;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Messages;

/// <summary>All messages, found by what is done with them: nobody has to enter a new one anywhere.</summary>
internal static class MessageTypes
{
    private static readonly Assembly Contracts = typeof(Customer).Assembly;

    private static readonly Assembly[] Services = [typeof(OrderStateMachine).Assembly, typeof(InventoryDbContext).Assembly, typeof(NotificationDbContext).Assembly];

    /// <summary>What a consumer or a saga takes, timeouts too, and every command and event of the contracts.</summary>
    public static IReadOnlyList<Type> All { get; } = [.. Consumed().Concat(OfStateMachines()).Concat(OfContracts()).Distinct().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    private static IEnumerable<Type> Consumed() =>
        Services.SelectMany(service => service.GetTypes()).SelectMany(type => type.GetInterfaces())
            .Where(type => IsOf(type, typeof(IConsumer<>))).Select(type => type.GenericTypeArguments[0])
            .Select(type => IsOf(type, typeof(Batch<>)) ? type.GenericTypeArguments[0] : type);

    private static IEnumerable<Type> OfStateMachines() =>
        Services.SelectMany(service => service.GetTypes()).Where(type => typeof(StateMachine).IsAssignableFrom(type))
            .SelectMany(machine => machine.GetProperties()).Select(property => property.PropertyType)
            .Where(type => IsOf(type, typeof(Event<>)) || IsOf(type, typeof(Schedule<,>))).Select(type => type.GenericTypeArguments[^1]);

    /// <summary>What stands beside them in a file is a part of one.</summary>
    private static IEnumerable<Type> OfContracts()
    {
        var parts = Contracts.GetTypes().SelectMany(type => type.GetProperties())
            .SelectMany(property => property.PropertyType.GenericTypeArguments.Append(property.PropertyType)).ToHashSet();
        return Contracts.GetExportedTypes().Where(type => type.IsClass && !parts.Contains(type)
            && type.Namespace!.Split('.')[^1] is "Commands" or "Events");
    }

    private static bool IsOf(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
