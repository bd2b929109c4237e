using MassTransit.Contracts.JobService;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class JobConsumersKeepTheirState(TestServers servers)
{
    [Fact]
    public async Task A_job_its_attempts_and_its_type_are_read_as_they_were_stored()
    {
        var place = await servers.NewPlace();
        var (jobId, attemptId, typeId) = (NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid());
        await using (var context = Open(place))
        {
            await context.Database.EnsureCreatedAsync();
            context.Add(new JobSaga { CorrelationId = jobId, Job = new() { ["picture"] = "cat.png" }, IncompleteAttempts = [attemptId] });
            context.Add(new JobAttemptSaga { CorrelationId = attemptId, JobId = jobId, ServiceAddress = new Uri("queue:resize") });
            context.Add(new JobTypeSaga { CorrelationId = typeId, ActiveJobs = [new ActiveJob { JobId = jobId }] });
            await context.SaveChangesAsync();
        }

        await using var again = Open(place);
        var job = await again.Set<JobSaga>().SingleAsync();
        Assert.Equal("cat.png", job.Job["picture"].ToString());
        Assert.Equal([attemptId], job.IncompleteAttempts);
        Assert.Equal(new Uri("queue:resize"), (await again.Set<JobAttemptSaga>().SingleAsync()).ServiceAddress);
        Assert.Equal(jobId, (await again.Set<JobTypeSaga>().SingleAsync()).ActiveJobs.Single().JobId);

        // A change inside of what is kept as JSON is noticed, and attempts go with their job.
        job.IncompleteAttempts.Clear();
        await again.SaveChangesAsync();
        Assert.Empty(await Open(place).Set<JobSaga>().Select(x => x.IncompleteAttempts).SingleAsync());
        again.Remove(job);
        await again.SaveChangesAsync();
        Assert.Equal(0, await again.Set<JobAttemptSaga>().CountAsync());
    }

    private static JobServiceSagaDbContext Open(OrderSample.Tests.Running.Place place) =>
        new(new DbContextOptionsBuilder<JobServiceSagaDbContext>().UseNpgsql(place.Database).Options);
}
