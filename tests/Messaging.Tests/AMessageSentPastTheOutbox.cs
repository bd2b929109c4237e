using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>A message that belongs to no transaction is not stored; then its sender is told what became of it.</summary>
[Collection(ServersCollection.Name)]
public sealed class AMessageSentPastTheOutbox(TestServers servers)
{
    [Fact]
    public async Task When_no_queue_takes_it_the_sender_is_told()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        var nowhere = await service.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:nowhere"));

        await Assert.ThrowsAnyAsync<MessageReturnedException>(() => nowhere.Send(new Job(Guid.NewGuid())));
    }
}
