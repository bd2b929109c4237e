using System.ComponentModel.DataAnnotations;
using MassTransit;
using MassTransit.Transports.Components;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// When to stop an endpoint because what it depends on fails: its messages then stay in the queue, in order, instead of
/// each using up its redeliveries. After a while it is started again, and one message tries.
/// </summary>
public sealed class KillSwitchSettings
{
    /// <summary>Failures within <see cref="Period"/> that are not judged yet, in messages.</summary>
    [Range(1, 10_000)]
    public int After { get; init; } = 10;

    /// <summary>Share of failed messages that stops the endpoint, in percent.</summary>
    [Range(1, 100)]
    public int FailedPercent { get; init; } = 50;

    /// <summary>How long failures count.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the endpoint rests.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(10);

    internal void Apply(IReceiveEndpointConfigurator endpoint, IDatabaseProvider database)
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        var options = new KillSwitchOptions()
            .SetActivationThreshold(After)
            .SetTripThreshold(FailedPercent)
            .SetTrackingPeriod(Period)
            .SetRestartTimeout(Rest)
            // A message that is bad by itself says nothing about the next one.
            .SetExceptionFilter(filter => filter.Handle<Exception>(exception =>
                exception is TransientFailureException || database.IsTransient(exception)));
        // As UseKillSwitch would, but for the observer in between.
        endpoint.ConnectReceiveEndpointObserver(new FirstReadyObserver(new KillSwitch(options)));
    }
}
