using System.Net;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.NotificationService.SendingSms;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Services.Tests.Notifications;

public sealed class When_a_text_message_is_due
{
    private static readonly SmsOptions NoGateway = new();
    private static readonly SmsOptions Gateway = new() { GatewayUrl = new Uri("http://gateway.example/messages") };

    [Fact]
    public async Task A_customer_without_phone_is_skipped() =>
        Assert.Equal(NotificationStatus.Skipped, await SendAsync(Gateway, phone: null, new StubGateway(HttpStatusCode.OK)));

    [Fact]
    public async Task Without_a_gateway_it_is_simulated() =>
        Assert.Equal(NotificationStatus.Simulated, await SendAsync(NoGateway, "123", new StubGateway(HttpStatusCode.OK)));

    [Fact]
    public async Task The_gateway_gets_it_with_a_key_that_is_the_same_each_time()
    {
        var gateway = new StubGateway(HttpStatusCode.OK);
        Assert.Equal(NotificationStatus.Sent, await SendAsync(Gateway, "123", gateway));
        Assert.Equal(NotificationStatus.Sent, await SendAsync(Gateway, "123", gateway));
        Assert.Equal(2, gateway.Keys.Count);
        Assert.Single(gateway.Keys.Distinct());
        Assert.Contains("\"to\":\"123\"", gateway.LastBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_a_failure() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Gateway, "123", new StubGateway(HttpStatusCode.BadGateway)));

    [Fact]
    public async Task A_gateway_without_connection_is_away() =>
        await Assert.ThrowsAsync<DependencyAwayException>(() => SendAsync(Gateway, "123", new StubGateway(answer: null)));

    private static async Task<NotificationStatus> SendAsync(SmsOptions options, string? phone, StubGateway gateway)
    {
        using var http = new HttpClient(gateway, disposeHandler: false);
        var notice = Notice.Of(new OrderRejected(Guid.Parse("0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11"), new Customer("Ada", "a@example.org", phone), 1, "Short"));
        return await new SmsSender(http, Options.Create(options)).SendAsync(notice, CancellationToken.None);
    }

    private sealed class StubGateway(HttpStatusCode? answer) : HttpMessageHandler
    {
        public List<string> Keys { get; } = [];

        public string LastBody { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys.AddRange(request.Headers.GetValues("Idempotency-Key"));
            LastBody = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(answer ?? throw new HttpRequestException("Connection refused."));
        }
    }
}
