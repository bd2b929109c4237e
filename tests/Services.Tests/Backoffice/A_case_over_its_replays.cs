using System.Text.Json;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Messaging.Replays;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>One message, however often it is delivered, replayed, and fails again.</summary>
public sealed class A_case_over_its_replays
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 14, 0, 0, TimeSpan.Zero);

    private readonly DeadLetter _letter = DeadLetter.Of(Dead_letters_read.Read("stock_error"));

    [Fact]
    public void What_comes_again_because_it_was_not_acknowledged_is_known()
    {
        Assert.False(_letter.FailAgain(Dead_letters_read.Read("stock_error"), opens: true));
        Assert.Equal((DeadLetterStatus.Open, 1), (_letter.Status, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_fails_opens_the_case_again()
    {
        Replay();
        Assert.Equal(DeadLetterStatus.Replayed, _letter.Status);

        Assert.True(FailReplay(1, "stock_skipped"));
        Assert.Equal((DeadLetterStatus.Open, 2, DeadLetterCause.Skipped, "stock_skipped"), (_letter.Status, _letter.Attempts, _letter.Cause, _letter.Queue));
        Assert.False(FailReplay(1, "stock_skipped"));
        Assert.Equal(2, _letter.Attempts);
    }

    [Fact]
    public void An_older_copy_does_not_open_a_case_that_was_replayed_since()
    {
        Replay();
        FailReplay(1);
        Replay();
        Assert.False(FailReplay(1));
        Assert.False(_letter.FailAgain(Dead_letters_read.Read("stock_error"), opens: true));
        Assert.Equal((DeadLetterStatus.Replayed, 2), (_letter.Status, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_a_crash_kept_from_being_recorded_counts_when_it_fails_and_its_number_is_not_used_again()
    {
        Assert.True(FailReplay(1));
        Replay();
        Assert.Equal(2, _letter.LastReplay);
        Assert.True(FailReplay(2));
        Assert.Equal(3, _letter.Attempts);
    }

    [Fact]
    public void What_was_discarded_stays_discarded_also_when_a_late_replay_fails()
    {
        _letter.BeginReplay();
        _letter.Discard();
        Assert.True(FailReplay(1));
        Assert.Equal((DeadLetterStatus.Discarded, 2), (_letter.Status, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_fails_while_a_copy_has_an_open_case_is_noted_and_does_not_open_a_second()
    {
        Replay();
        Assert.True(FailReplay(1, opens: false));
        Assert.Equal((DeadLetterStatus.Replayed, 2), (_letter.Status, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_was_handled_closes_the_case_for_good()
    {
        Replay();
        _letter.Handled("stock", Now);
        Assert.Equal((DeadLetterStatus.Handled, "stock", Now), (_letter.Status, _letter.HandledBy, _letter.HandledAt));

        // A second report, and a second copy of the same replay, which failed because the first was not committed yet.
        _letter.Handled("mail", Now.AddSeconds(1));
        Assert.False(FailReplay(1));
        Assert.Equal((DeadLetterStatus.Handled, "stock", Now, 1), (_letter.Status, _letter.HandledBy, _letter.HandledAt, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_fails_and_one_that_is_handled_after_it_are_one_case()
    {
        Replay();
        FailReplay(1);
        Replay();
        Assert.Null(_letter.HandledAt);
        _letter.Handled("stock", Now);
        Assert.Equal((DeadLetterStatus.Handled, 2), (_letter.Status, _letter.Attempts));
    }

    [Fact]
    public void A_replay_that_a_crash_kept_from_being_recorded_closes_the_case_when_it_is_handled()
    {
        _letter.Handled("stock", Now);
        Assert.Equal(DeadLetterStatus.Handled, _letter.Status);
    }

    [Fact]
    public void What_was_discarded_stays_discarded_and_says_that_a_late_replay_was_handled()
    {
        _letter.BeginReplay();
        _letter.Discard();
        _letter.Handled("stock", Now);
        Assert.Equal((DeadLetterStatus.Discarded, "stock", Now), (_letter.Status, _letter.HandledBy, _letter.HandledAt));
    }

    [Fact]
    public void A_report_is_read_from_its_envelope_and_what_is_none_is_refused()
    {
        Assert.Equal(new DeadLetterHandled(7, "stock", Now),
            EndpointReport.Of<DeadLetterHandled>("""{"messageType":["urn:message:X"],"message":{"deadLetterId":7,"endpoint":"stock","at":"2026-11-29T14:00:00+00:00"}}"""u8));
        Assert.Throws<JsonException>(() => EndpointReport.Of<DeadLetterHandled>("not a message"u8));
        Assert.Throws<JsonException>(() => EndpointReport.Of<DeadLetterHandled>("{}"u8));
    }

    [Fact]
    public void Another_cases_replay_number_means_nothing()
    {
        Replay();
        Assert.False(_letter.FailAgain(Dead_letters_read.Read("stock_error", headers: new() { ["OrderSample-DeadLetter"] = 77L, ["OrderSample-DeadLetter-Replay"] = 5 }), opens: true));
        Assert.Equal(DeadLetterStatus.Replayed, _letter.Status);
    }

    [Fact]
    public void A_replay_carries_every_header_with_its_type_but_those_of_the_failure_and_names_the_case()
    {
        Dictionary<string, object?> kept = new()
        {
            ["text"] = "tëxt"u8.ToArray(),
            ["no text"] = new byte[] { 0xFF, 0xFE },
            ["nothing"] = null,
            ["flag"] = true,
            ["byte"] = (byte)1,
            ["sbyte"] = (sbyte)-1,
            ["short"] = (short)-2,
            ["ushort"] = (ushort)2,
            ["int"] = -3,
            ["uint"] = 3u,
            ["long"] = -4L,
            ["float"] = 0.1f,
            ["double"] = 1e300,
            ["decimal"] = 1.25m,
            ["time"] = new RabbitMQ.Client.AmqpTimestamp(5),
            ["table"] = new Dictionary<string, object?> { ["inner"] = 6 },
            ["list"] = new List<object?> { 7, null },
            ["MT-Activity-Id"] = "00-1-2-01"u8.ToArray(),
            ["Content-Type"] = "application/vnd.masstransit+json"u8.ToArray(),
        };
        Dictionary<string, object?> dropped = new()
        {
            ["MT-Fault-Message"] = "m"u8.ToArray(),
            ["MT-Reason"] = "fault"u8.ToArray(),
            ["MT-Host-MachineName"] = "h"u8.ToArray(),
            ["OrderSample-Redeliveries"] = 2,
            ["x-death"] = new List<object?>(),
            ["x-first-death-queue"] = "q"u8.ToArray(),
            ["x-last-death-reason"] = "r"u8.ToArray(),
            ["x-delivery-count"] = 3L,
            ["OrderSample-DeadLetter"] = 99L,
            ["OrderSample-DeadLetter-Replay"] = 9,
        };
        var letter = DeadLetter.Of(Dead_letters_read.Read("stock_error", headers: new(kept.Concat(dropped))));
        letter.BeginReplay();

        // By the way of the database, which holds them as text.
        letter.Properties = OrderSample.Backoffice.Messaging.MessageProperties.FromJson(letter.Properties.ToJson());
        var properties = ReplayPublisher.Properties(letter);

        Assert.Equal("id", properties.MessageId);
        Assert.True(properties.Persistent);
        kept["text"] = "tëxt";
        kept["MT-Activity-Id"] = "00-1-2-01";
        kept["Content-Type"] = "application/vnd.masstransit+json";
        kept["OrderSample-DeadLetter"] = letter.Id;
        kept["OrderSample-DeadLetter-Replay"] = 1;
        Assert.Equivalent(kept, properties.Headers, strict: true);
        Assert.All(kept, header => Assert.Equal(header.Value?.GetType(), properties.Headers![header.Key]?.GetType()));
    }

    private void Replay()
    {
        _letter.BeginReplay();
        _letter.Replayed();
    }

    private bool FailReplay(int number, string queue = "stock_error", bool opens = true) => _letter.FailAgain(Dead_letters_read.Read(queue,
        headers: new() { ["OrderSample-DeadLetter"] = _letter.Id, ["OrderSample-DeadLetter-Replay"] = number }), opens);
}
