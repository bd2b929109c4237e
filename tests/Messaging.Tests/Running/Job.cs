using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>What the endpoint takes.</summary>
public sealed record Job(Guid OrderId, int Number = 0);

/// <summary>What nobody subscribes to.</summary>
public sealed record NobodyListens(string Text);

/// <summary>What a test has the endpoint's consumer do.</summary>
public sealed record Workplace(Func<ConsumeContext<Job>, Task> Do);

/// <summary>The endpoint's consumer: notes the job in the database when the work is done.</summary>
public sealed class JobConsumer(Workplace workplace, JobDbContext database) : IConsumer<Job>
{
    public async Task Consume(ConsumeContext<Job> context)
    {
        await workplace.Do(context);
        database.DoneJobs.Add(new DoneJob { OrderId = context.Message.OrderId, Number = context.Message.Number });
        await database.SaveChangesAsync(context.CancellationToken);
    }
}

/// <summary>A job that was done. There is no key over its content: done twice is two rows.</summary>
public sealed class DoneJob
{
    public int Id { get; set; }

    public Guid OrderId { get; set; }

    public int Number { get; set; }
}

/// <summary>The service's database.</summary>
public sealed class JobDbContext(DbContextOptions<JobDbContext> options) : DbContext(options)
{
    public DbSet<DoneJob> DoneJobs => Set<DoneJob>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}
