using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>Whatever happens in a run, it says what it waits for, ends, puts everything back, and stands in the audit trail.</summary>
public sealed class A_run_of_an_experiment
{
    private static Step Does(Func<Trial, CancellationToken, Task> act, int deadline = 10) => new("Do it", "By hand.", deadline, act);

    [Fact]
    public async Task Passes_when_all_its_steps_are_done_and_what_they_broke_is_put_back()
    {
        using var lab = new LabOfTests(new TestExperiment(
            Does((trial, _) =>
            {
                trial.Note("Seen", "something", "/orders");
                return Task.CompletedTask;
            }),
            Does((trial, _) =>
            {
                trial.Claim("One and one is two.", 1 + 1 == 2, "2");
                return Task.CompletedTask;
            })));

        var (run, outcome) = await lab.RunAsync();

        Assert.Equal((RunStatus.Passed, null, "Done"), (run.Status, run.Problem, outcome));
        Assert.All([.. run.Steps, run.PutBack], step => Assert.Equal(StepStatus.Done, step.Status));
        Assert.Equal(["One and one is two."], run.Checks.Select(check => check.Claim));
        Assert.Equal(["something"], run.Sightings.Select(sighting => sighting.Text));
        Assert.Equal(("Ran an experiment", "lab/of-a-test"), (lab.Recorded!.What, lab.Recorded.Target));
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Fails_when_a_claim_does_not_hold_skips_the_rest_and_puts_back()
    {
        using var lab = new LabOfTests(new TestExperiment(
            Does((trial, _) =>
            {
                trial.Claim("One and one is three.", 1 + 1 == 3, "2");
                return Task.CompletedTask;
            }),
            Does((_, _) => Task.CompletedTask)));

        var (run, outcome) = await lab.RunAsync();

        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("Not so: One and one is three. Seen: 2", run.Problem);
        Assert.Equal([StepStatus.Done, StepStatus.Failed, StepStatus.Skipped], run.Steps.Select(step => step.Status));
        Assert.Equal(StepStatus.Done, run.PutBack.Status);
        Assert.Equal($"Failed. {run.Problem}", outcome);
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Fails_at_a_step_s_deadline_and_says_what_it_waited_for_and_what_it_saw()
    {
        using var lab = new LabOfTests(new TestExperiment(Does(
            (trial, token) => trial.UntilAsync("the sun to rise", _ => Task.FromResult("the moon"), seen => seen == "the sun", seen => seen, token), deadline: 1)));

        var (run, _) = await lab.RunAsync();

        Assert.Equal((RunStatus.Failed, "Not done within 1 s. Waited for the sun to rise; seen last: the moon."), (run.Status, run.Problem));
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Asks_again_when_a_service_can_not_be_reached()
    {
        var asked = 0;
        using var lab = new LabOfTests(new TestExperiment(Does((trial, token) => trial.UntilAsync("an answer",
            _ => ++asked < 3 ? throw new HttpRequestException("away") : Task.FromResult(asked), _ => true, seen => $"{seen}", token))));

        Assert.Equal(RunStatus.Passed, (await lab.RunAsync()).Run.Status);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Fails_when_a_step_throws_and_still_puts_back()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, _) => throw new InvalidOperationException("no such thing"))));

        var (run, _) = await lab.RunAsync();

        Assert.Equal((RunStatus.Failed, "InvalidOperationException: no such thing"), (run.Status, run.Problem));
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Ends_when_somebody_cancels_it_and_puts_back()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, token) => Task.Delay(Timeout.Infinite, token))));
        var started = await lab.StartAsync();
        await lab.SeenAsync(run => run.Steps[1].Status == StepStatus.Running);

        await lab.Host.CancelAsync(started.Run!.Id, CancellationToken.None);
        var (run, outcome) = await lab.EndAsync();

        Assert.Equal((RunStatus.Cancelled, "Cancelled. Ended in this step."), (run.Status, outcome));
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Ends_with_its_service_and_puts_back()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, token) => Task.Delay(Timeout.Infinite, token))));
        await lab.StartAsync();
        await lab.SeenAsync(run => run.Steps[1].Status == StepStatus.Running);

        lab.StopApplication();
        var (run, _) = await lab.EndAsync();

        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Step_by_step_waits_for_a_person_before_each_step()
    {
        var done = 0;
        var step = Does((_, _) => Task.FromResult(++done));
        using var lab = new LabOfTests(new TestExperiment(step, step));
        var started = await lab.StartAsync(isStepwise: true);

        await lab.SeenAsync(run => run.WaitsForPerson);
        Assert.Equal(0, done);
        await lab.Host.NextAsync(started.Run!.Id, CancellationToken.None);
        await lab.SeenAsync(run => run is { WaitsForPerson: true, Steps: [_, { Status: StepStatus.Done }, { Status: StepStatus.Waiting }] });
        Assert.Equal(1, done);
        await lab.Host.NextAsync(started.Run.Id, CancellationToken.None);

        Assert.Equal(RunStatus.Passed, (await lab.EndAsync()).Run.Status);
        Assert.Equal(2, done);
    }

    [Fact]
    public async Task Fails_when_something_can_not_be_put_back_and_tries_the_rest()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, _) => Task.CompletedTask)) { Own = () => throw new HttpRequestException("The policy is still there.") });

        var (run, _) = await lab.RunAsync();

        Assert.Equal((RunStatus.Failed, "Not put back: The policy is still there."), (run.Status, run.Problem));
        Assert.Equal(1, lab.Host.Mended);
    }

    [Fact]
    public async Task Puts_back_what_a_step_left_broken()
    {
        LabOfTests? lab = null;
        var shop = new Shop(Defect.None);
        using (lab = new LabOfTests(new TestExperiment(Does((_, _) =>
        {
            lab!.Host.Break();
            throw new InvalidOperationException("in the middle");
        })), shop))
        {
            var (run, _) = await lab.RunAsync();
            Assert.Equal(StepStatus.Done, run.PutBack.Status);
            Assert.True(shop.InventoryRuns);
        }
    }

    [Fact]
    public async Task Fails_when_the_app_host_says_what_it_could_not_put_back()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, _) => Task.CompletedTask)));
        lab.Host.NotMended = ["rabbitmq could not be started."];

        var (run, outcome) = await lab.RunAsync();

        Assert.Equal((RunStatus.Failed, "Not put back: rabbitmq could not be started."), (run.Status, run.Problem));
        Assert.Equal($"Failed. {run.Problem}", outcome);
    }

    [Fact]
    public async Task Does_not_begin_while_another_goes_on_and_that_is_on_record()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, _) => Task.CompletedTask)));
        lab.Host.Refusal = "Another one is running.";

        var outcome = await lab.StartAsync();

        Assert.Equal((null, "Another one is running."), (outcome.Run, outcome.Problem));
        Assert.Equal("Another one is running.", await lab.OutcomeAsync());
        Assert.Equal(0, lab.Host.Mended);
    }

    [Fact]
    public async Task Does_not_begin_for_a_viewer()
    {
        using var lab = new LabOfTests(new TestExperiment(Does((_, _) => Task.CompletedTask)));

        Assert.Equal("Only an operator may do this.", (await lab.StartAsync(role: "Viewer")).Problem);
        Assert.Null(lab.Host.Run);
    }

    [Fact]
    public async Task Does_not_begin_without_what_it_needs()
    {
        using var lab = new LabOfTests(new TestExperiment { Lack = "It needs three nodes." });

        var outcome = await lab.StartAsync();

        Assert.Equal((null, "It needs three nodes."), (outcome.Run, outcome.Problem));
        Assert.Null(lab.Recorded);
    }
}
