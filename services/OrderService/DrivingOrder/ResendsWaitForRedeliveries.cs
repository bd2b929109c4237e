using Microsoft.Extensions.Options;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>
/// The saga doesn't ask again while its first command is still being tried: each copy would be tried as long, and end beside it as a dead
/// letter. Asking again is a second safety net, for a command or an answer that somebody deleted; a resend that comes late costs little.
/// </summary>
/// <remarks>How long the inventory tries is read from the order service's own settings: retries and redeliveries are the same for all services.</remarks>
internal sealed class ResendsWaitForRedeliveries(IOptions<MessagingOptions> messaging) : IValidateOptions<SagaOptions>
{
    public ValidateOptionsResult Validate(string? name, SagaOptions options)
    {
        var longest = messaging.Value.LongestHandling;
        var tooShort = new[]
        {
            (Name: nameof(options.StockTimeout), Value: options.StockTimeout),
            (Name: nameof(options.ConfirmTimeout), Value: options.ConfirmTimeout),
            (Name: nameof(options.ReleaseTimeout), Value: options.ReleaseTimeout),
        }.Where(timeout => timeout.Value < longest).Select(timeout => $"{SagaOptions.Section}:{timeout.Name} is {timeout.Value}").ToList();
        if (tooShort.Count == 0)
            return ValidateOptionsResult.Success;

        var delays = string.Join(", ", messaging.Value.Redelivery.DelaysOrDefault);
        return ValidateOptionsResult.Fail(
            $"{string.Join(" and ", tooShort)}, but with {MessagingOptions.Section}:Redelivery:Delays of {delays} a command that fails is tried for up to "
            + $"{Math.Ceiling(longest.TotalSeconds)} s: the saga would ask again meanwhile. Set the timeout to {TimeSpan.FromSeconds(Math.Ceiling(longest.TotalSeconds))} or more, "
            + "or shorter delays, the same for all services.");
    }
}
