using System.Text.Json.Nodes;

namespace OrderSample.Services.Tests.Messages;

/// <summary>Messages of the version that is running wait in queues and outboxes while the next one starts: what they look like is approved.</summary>
public sealed class The_wire_format(Envelopes envelopes) : IClassFixture<Envelopes>
{
    private const string Meaning =
        """
        Messages as approved are in queues and outboxes now, and another version of a service may write and read them for a while.
        Is the new one still read by the old version, and the old one by the new? docs/handbook/evolving-messages.md says how to get there.
        """;

    public static TheoryData<Type> Types => [.. MessageTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Of_each_message_is_what_was_approved(Type type) =>
        ApprovedText.Check(FileOf(type), await envelopes.FixedAsync(SampleOf(type)), Meaning);

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Is_approved_with_something_in_every_property(Type type) =>
        Assert.All(ValuesIn(JsonNode.Parse(await envelopes.StoredAsync(SampleOf(type)))!["message"]),
            value => Assert.False(value is null || value.ToString() is "" or "00000000-0000-0000-0000-000000000000", $"{value?.GetPath() ?? "A property or list"} is empty."));

    [Fact]
    public void Is_approved_of_no_message_that_is_gone() =>
        Assert.True(MessageTypes.All.Select(FileOf).Order(StringComparer.Ordinal).SequenceEqual(ApprovedText.Names().Order(StringComparer.Ordinal)),
            $"""
            Without a message: {string.Join(", ", ApprovedText.Names().Except(MessageTypes.All.Select(FileOf)))}. Without approval: {string.Join(", ", MessageTypes.All.Select(FileOf).Except(ApprovedText.Names()))}.
            {Meaning} A message is gone when none of it waits any more; then delete its file in Approved/.
            """);

    private static string FileOf(Type type) => $"{type.Name}.json";

    private static object SampleOf(Type type) =>
        Samples.All.GetValueOrDefault(type) ?? throw new KeyNotFoundException($"{type.FullName} is a message; give it a sample in {nameof(Samples)}, and approve its wire format.");

    private static IEnumerable<JsonNode?> ValuesIn(JsonNode? node) => node switch
    {
        JsonObject { Count: > 0 } properties => properties.SelectMany(x => ValuesIn(x.Value)),
        JsonArray { Count: > 0 } list => list.SelectMany(ValuesIn),
        JsonValue value => [value],
        _ => [null],
    };
}
