using System.Reflection;
using MassTransit;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>A message as a consumer sees it, of which the inventory's consumers need little.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
public class Delivery<TMessage> : DispatchProxy
    where TMessage : class
{
    private readonly List<string> _published = [];
    private TMessage _message = null!;

    /// <summary>Names of the events that the consumer has published.</summary>
    internal IReadOnlyList<string> Published => _published;

    internal static Delivery<TMessage> Of(TMessage message)
    {
        var delivery = (Delivery<TMessage>)(object)Create<ConsumeContext<TMessage>, Delivery<TMessage>>();
        delivery._message = message;
        return delivery;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod?.Name)
        {
            case "get_Message":
                return _message;
            case "get_CancellationToken":
                return CancellationToken.None;
            case nameof(IPublishEndpoint.Publish):
                _published.Add(args![0]!.GetType().Name);
                return Task.CompletedTask;
            default:
                throw new NotSupportedException(targetMethod?.Name);
        }
    }
}
