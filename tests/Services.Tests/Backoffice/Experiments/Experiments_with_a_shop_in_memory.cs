using OrderSample.Backoffice.Lab;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>An experiment passes where what it believes is true, and fails where it is not.</summary>
public sealed class Experiments_with_a_shop_in_memory
{
    [Theory]
    [InlineData("never-paid", Defect.None, null)]
    [InlineData("never-paid", Defect.KeepsStock, "is Released.")]
    [InlineData("payment-meets-cancellation", Defect.None, null)]
    [InlineData("payment-meets-cancellation", Defect.CountsTwice, "pieces have left the warehouse")]
    [InlineData("transient-fault", Defect.None, null)]
    [InlineData("transient-fault", Defect.CountsTwice, "10 pieces have left the warehouse")]
    [InlineData("inventory-away", Defect.None, null)]
    [InlineData("inventory-away", Defect.LosesAnOrder, "is Cancelled instead of Completed")]
    [InlineData("too-many-orders", Defect.None, null)]
    [InlineData("too-many-orders", Defect.StoresRefused, "nothing is stored")]
    [InlineData("memory-alarm", Defect.None, null)]
    [InlineData("memory-alarm", Defect.ParksForOutage, "Nothing is parked for an outage.")]
    public async Task It_passes_when_the_shop_is_right_and_fails_when_it_is_wrong(string name, Defect defect, string? problem)
    {
        var shop = new Shop(defect) { IsImpatient = name == "never-paid", Room = name == "too-many-orders" ? 20 : int.MaxValue };
        using var lab = new LabOfTests(new ExperimentCatalog().Make(name), shop);
        lab.Host.Log.Add("The chaos switch makes attempts fail at a rate of 0.5.");

        var (run, _) = await lab.RunAsync();

        if (problem is null)
        {
            Assert.True(run.Status == RunStatus.Passed, run.Problem);
            Assert.NotEmpty(run.Checks);
        }
        else
        {
            Assert.Equal(RunStatus.Failed, run.Status);
            Assert.Contains(problem, run.Problem, StringComparison.Ordinal);
        }

        Assert.Equal(StepStatus.Done, run.PutBack.Status);
        Assert.True(shop is { InventoryRuns: true, BrokerTakes: true });
    }
}
