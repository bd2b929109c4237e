using System.Text;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What the desk makes of a message, from what broker and bus say of it.</summary>
public sealed class Dead_letters_read
{
    private static readonly DateTimeOffset Now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public void A_failed_message_tells_its_exception_its_type_and_how_often_it_was_tried()
    {
        var letter = Read("stock_error", """{"messageType":["urn:message:Shop.Events:Sold","urn:message:Shop:Event"],"message":{}}""", headers: new()
        {
            ["MT-Fault-ExceptionType"] = "System.TimeoutException"u8.ToArray(),
            ["MT-Fault-Message"] = "too slow"u8.ToArray(),
            ["MT-Fault-StackTrace"] = "   at Shop"u8.ToArray(),
            ["MT-Fault-Timestamp"] = "2030-01-02T03:04:05.6Z"u8.ToArray(),
            ["MT-Fault-RetryCount"] = 4,
            ["OrderSample-Redeliveries"] = 3,
            ["x-delivery-count"] = 2L,
        });

        Assert.Equal(new Origin(DeadLetterCause.Failed, "stock", "", "stock"), letter.Origin);
        Assert.Equal("Shop.Events:Sold", letter.MessageType);
        Assert.Equal(new Fault("System.TimeoutException", "too slow", "   at Shop", Redeliveries: 3, Retries: 4, LostDeliveries: 2,
            new DateTimeOffset(2030, 1, 2, 3, 4, 5, 600, TimeSpan.Zero)), letter.Fault);
        Assert.Equal(letter.Fault.At, letter.At);
    }

    [Theory]
    [InlineData("stock_error", "Failed", "stock")]
    [InlineData("stock_skipped", "Skipped", "stock")]
    [InlineData("stock_error_error", "Failed", "stock_error")]
    public void A_queues_name_tells_endpoint_and_cause(string queue, string cause, string endpoint) =>
        Assert.Equal((cause, endpoint), (Read(queue).Origin.Cause.ToString(), Read(queue).Origin.Endpoint));

    [Fact]
    public void An_unrouted_message_goes_back_to_the_exchange_that_it_was_published_to() =>
        Assert.Equal(new Origin(DeadLetterCause.Unrouted, "Shop:Sold", "Shop:Sold", "key"), Read("unrouted", exchange: "Shop:Sold", routingKey: "key").Origin);

    [Theory]
    [InlineData("unrouted", "")]
    [InlineData("unrouted", "unrouted")]
    [InlineData("dead-letters", "dead-letters")]
    public void Where_a_message_belongs_that_was_put_there_by_hand_nobody_knows(string queue, string exchange)
    {
        var origin = Read(queue, exchange: exchange).Origin;
        Assert.Equal(("", null), (origin.Endpoint, origin.Exchange));
    }

    [Fact]
    public void A_name_that_can_not_be_stored_is_changed_and_is_no_address_for_a_replay()
    {
        var died = Read("dead-letters", exchange: "dead-letters", headers: new()
        {
            ["x-death"] = new List<object?> { new Dictionary<string, object?> { ["queue"] = "stock\0\0"u8.ToArray(), ["reason"] = "delivery_limit"u8.ToArray() } },
        });

        Assert.Equal(new Origin(DeadLetterCause.Rejected, "stock\uFFFD\uFFFD", null, ""), died.Origin);
        Assert.Equal(new Origin(DeadLetterCause.Unrouted, "Shop:Sold", null, ""), Read("unrouted", exchange: "Shop:Sold", routingKey: "key\0").Origin);
    }

    [Theory]
    [InlineData("stock", "stock")]
    [InlineData("stock_error", "stock")]
    [InlineData("stock_skipped", "stock")]
    public void Of_a_message_that_the_broker_gave_up_the_last_death_tells_the_endpoint(string diedIn, string endpoint)
    {
        var letter = Read("dead-letters", headers: new()
        {
            ["x-death"] = new List<object?>
            {
                Death(diedIn, "delivery_limit", count: 1), Death("stock_delay_5000ms", "expired", count: 7),
            },
        });

        Assert.Equal(new Origin(DeadLetterCause.Rejected, endpoint, "", endpoint), letter.Origin);
        Assert.Equal("delivery_limit", letter.Fault.Message);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000), letter.At);
    }

    [Fact]
    public void A_message_that_failed_after_a_delay_did_not_die_of_the_delay()
    {
        var letter = Read("stock_error", headers: new() { ["x-death"] = new List<object?> { Death("stock_delay_5000ms", "expired", count: 1) } });
        Assert.Equal(("stock", null, 0, Now), (letter.Origin.Endpoint, letter.Fault.Message, letter.Fault.LostDeliveries, letter.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"messageType":"text"}""")]
    [InlineData("""{"messageType":[]}""")]
    [InlineData("""{"messageType":[7]}""")]
    [InlineData("""{"messageType":["\ud800"]}""")]
    public void What_can_not_be_read_has_no_type(string body) => Assert.Null(Read("stock_error", body).MessageType);

    [Fact]
    public void Without_an_envelope_a_header_tells_the_type() =>
        Assert.Equal("Shop:Sold", Read("stock_error", "no JSON", headers: new() { ["MT-MessageType"] = "urn:message:Shop:Sold;urn:message:Shop:Event"u8.ToArray() }).MessageType);

    [Fact]
    public void Headers_that_are_not_what_they_should_be_do_no_harm()
    {
        var letter = Read("dead-letters", headers: new()
        {
            ["x-death"] = "none"u8.ToArray(),
            ["MT-Fault-Timestamp"] = "yesterday"u8.ToArray(),
            ["MT-Fault-RetryCount"] = "many"u8.ToArray(),
            ["MT-Fault-Message"] = Encoding.UTF8.GetBytes("a\0b" + new string('x', 10_000)),
            ["OrderSample-Redeliveries"] = -1,
            ["OrderSample-DeadLetter"] = new Dictionary<string, object?>(),
        });

        Assert.Equal((0, 0, Now, null), (letter.Fault.Retries, letter.Fault.Redeliveries, letter.At, letter.CaseId));
        Assert.StartsWith("a\uFFFDb", letter.Fault.Message, StringComparison.Ordinal);
        Assert.Equal(DeadLetter.MaxMessageLength, letter.Fault.Message!.Length);
    }

    [Fact]
    public void Endpoint_message_id_and_body_make_a_case()
    {
        byte[][] cases =
        [
            Read("stock_error", "a", "1").Fingerprint, Read("stock_error", "a", "2").Fingerprint, Read("stock_error", "b", "1").Fingerprint,
            Read("mail_error", "a", "1").Fingerprint, Read("stock_error", "1a", "").Fingerprint, Read("unrouted", "a", "1", "stock", "stock").Fingerprint,
        ];
        Assert.Equal(cases.Length, cases.Select(Convert.ToHexString).Distinct().Count());
        // Whatever way the message failed at its endpoint.
        Assert.Equal(Read("stock_error", "a", "1").Fingerprint, Read("stock_skipped", "a", "1").Fingerprint);
    }

    [Fact]
    public void Exception_message_type_endpoint_and_cause_make_a_group()
    {
        Dictionary<string, object?> failed = new() { ["MT-Fault-ExceptionType"] = "System.TimeoutException"u8.ToArray() };
        Guid[] groups =
        [
            Read("stock_error", headers: failed).GroupId, Read("stock_error").GroupId, Read("mail_error", headers: failed).GroupId,
            Read("stock_skipped").GroupId, Read("stock_error", """{"messageType":["urn:message:Sold"]}""").GroupId,
        ];
        Assert.Equal(groups.Length, groups.Distinct().Count());
        Assert.Equal(groups[0], Read("stock_error", "other", "other", headers: failed).GroupId);
    }

    [Fact]
    public void What_is_said_to_an_endpoint_about_an_order_is_what_copies_have_in_common()
    {
        var (order, other) = (Guid.NewGuid(), Guid.NewGuid());
        var first = Copy(order).CopyKey;
        Assert.NotNull(first);
        Assert.Equal(first, Copy(order, messageId: "another").CopyKey);
        Assert.Equal(first, Copy(order, queue: "stock_skipped").CopyKey);

        byte[][] others =
        [
            first, Copy(other).CopyKey!, Copy(order, queue: "mail_error").CopyKey!, Copy(order, type: "Paid").CopyKey!, Copy(order, content: ""","paymentId":2""").CopyKey!,
            Copy(order, token: "1").CopyKey!, Copy(order, token: "2").CopyKey!,
        ];
        Assert.Equal(others.Length, others.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"messageType":["urn:message:Sold"],"message":7}""")]
    [InlineData("""{"messageType":["urn:message:Sold"],"message":{}}""")]
    [InlineData("""{"messageType":["urn:message:Sold"],"message":{"orderId":"\ud800"}}""")]
    public void What_belongs_to_no_order_has_no_copies(string body) => Assert.Null(Read("stock_error", body).CopyKey);

    private static ReceivedDeadLetter Copy(Guid orderId, string queue = "stock_error", string messageId = "id", string type = "Sold", string content = "", string token = "") =>
        Read(queue, $$$"""
            {"messageId":"{{{messageId}}}","messageType":["urn:message:{{{type}}}"],"message":{"orderId":"{{{orderId}}}"{{{content}}}},"headers":{"MT-Scheduling-TokenId":"{{{token}}}"}}
            """, messageId);

    internal static ReceivedDeadLetter Read(string queue, string body = "{}", string messageId = "id", string exchange = "", string routingKey = "",
        Dictionary<string, object?>? headers = null) =>
        ReceivedDeadLetter.Of(queue, new BasicDeliverEventArgs("", 1, redelivered: false, exchange, routingKey,
            new BasicProperties { MessageId = messageId, Headers = headers }, Encoding.UTF8.GetBytes(body)), Now);

    private static Dictionary<string, object?> Death(string queue, string reason, long count) => new()
    {
        ["queue"] = Encoding.UTF8.GetBytes(queue),
        ["reason"] = Encoding.UTF8.GetBytes(reason),
        ["count"] = count,
        ["time"] = new AmqpTimestamp(1_900_000_000),
    };
}
