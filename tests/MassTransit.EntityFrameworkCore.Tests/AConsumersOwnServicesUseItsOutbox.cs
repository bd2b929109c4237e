using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class AConsumersOwnServicesUseItsOutbox(TestServers servers)
{
    [Fact]
    public async Task What_they_publish_is_stored_with_its_work_and_passes_the_scopes_filters()
    {
        var place = await servers.NewPlace();
        await using (var schema = place.OpenDatabase())
            await schema.Database.EnsureCreatedAsync();
        await using var provider = new ServiceCollection().AddLogging()
            .AddScoped(_ => place.OpenDatabase())
            .AddScoped<Reporter>()
            .AddScoped<Caller>()
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddEntityFrameworkOutbox<TestDbContext>(outbox =>
                {
                    outbox.UsePostgres();
                    // Nothing is delivered, so that what was published can only be found where it was stored.
                    outbox.UseBusOutbox(delivery => delivery.DisableDeliveryService());
                });
                bus.AddConsumer<ReportingConsumer>();
                bus.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UseEntityFrameworkOutbox<TestDbContext>(context));
                bus.UsingInMemory((context, memory) =>
                {
                    memory.UsePublishFilter(typeof(CallerFilter<>), context);
                    memory.ConfigureEndpoints(context);
                });
            }).BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new Work("reported"));

        await Waiting.Until(1, () => place.CountStored(), "stored messages");
        var stored = await place.Query(x => x.Set<OutboxMessage>().AsNoTracking().SingleAsync());
        Assert.Contains("the consumer of reported", stored.Headers, StringComparison.Ordinal);
        Assert.Equal(1, await place.CountNotes("reported"));
    }

    private sealed class Caller
    {
        public string Name { get; set; } = "nobody";
    }

    private sealed class Reporter(IPublishEndpoint publisher)
    {
        public Task Report(string text) => publisher.Publish(new WorkDone(text));
    }

    private sealed class ReportingConsumer(TestDbContext database, Reporter reporter, Caller caller) : IConsumer<Work>
    {
        public Task Consume(ConsumeContext<Work> context)
        {
            caller.Name = $"the consumer of {context.Message.Text}";
            database.Notes.Add(new Note { Text = context.Message.Text });
            return reporter.Report(context.Message.Text);
        }
    }

    private sealed class CallerFilter<T>(Caller caller) : IFilter<PublishContext<T>>
        where T : class
    {
        public Task Send(PublishContext<T> context, IPipe<PublishContext<T>> next)
        {
            context.Headers.Set("Caller", caller.Name);
            return next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("caller");
    }
}
