using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration.Audit;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class AuditedMessagesAreKept(TestServers servers)
{
    private const string Table = "Audited";

    [Fact]
    public async Task Once_when_published_and_once_when_consumed_but_not_those_left_out()
    {
        var place = await servers.NewPlace();
        var options = new DbContextOptionsBuilder<AuditDbContext>().UseNpgsql(place.Database);
        await using (var schema = new AuditDbContext(options.Options, Table))
            await schema.Database.EnsureCreatedAsync();
        await using var provider = new ServiceCollection().AddLogging().AddSingleton<Arrivals>().AddMassTransitTestHarness(bus =>
        {
            bus.AddConsumer<WorkDoneConsumer>();
            bus.UsingInMemory((context, memory) =>
            {
                memory.UseEntityFrameworkCoreAuditStore(options, Table, filter => filter.Exclude<Work>());
                memory.ConfigureEndpoints(context);
            });
        }).BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new Work("left out"));
        await harness.Bus.Publish(new WorkDone("kept"), context => context.Headers.Set("By", "a test"));

        await using var store = new AuditDbContext(options.Options, Table);
        await Waiting.Until(2, () => store.Set<AuditRecord>().CountAsync(), "audit records");
        var records = await store.Set<AuditRecord>().AsNoTracking().OrderBy(x => x.ContextType).ToListAsync();
        Assert.Equal(["Consume", "Publish"], records.Select(x => x.ContextType));
        Assert.All(records, record =>
        {
            Assert.Equal(typeof(WorkDone).FullName, record.MessageType);
            Assert.Equal("a test", record.Headers!["By"]);
            Assert.Contains("kept", record.Message!.ToString(), StringComparison.Ordinal);
        });
        Assert.Single(records.Select(x => x.MessageId).Distinct());
    }
}
