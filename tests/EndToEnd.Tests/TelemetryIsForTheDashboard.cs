using Aspire.Hosting.ApplicationModel;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>That the dashboard gets it is seen by <see cref="AnOrderIsFoundInTraces"/>.</summary>
[Collection(SystemCollection.Name)]
public sealed class TelemetryIsForTheDashboard(OrderSystem system)
{
    [Theory]
    [InlineData("order-service")]
    [InlineData("inventory-service")]
    [InlineData("notification-service")]
    [InlineData("backoffice")]
    public void When_there_is_no_dashboard_none_is_collected(string service)
    {
        Assert.True(system.App.ResourceNotifications.TryGetCurrentState(service, out var state));
        Assert.Contains(state.Snapshot.EnvironmentVariables, variable => variable.Name == "OTEL_SERVICE_NAME");
        // Nor is it said how, so that whoever names a collector to the app host can say that, too.
        Assert.DoesNotContain(state.Snapshot.EnvironmentVariables, variable => variable.Name is "OTEL_EXPORTER_OTLP_ENDPOINT" or "OTEL_EXPORTER_OTLP_PROTOCOL");
    }
}
