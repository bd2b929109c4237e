using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Serialization;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.Services.Tests.Persistence;

namespace OrderSample.Services.Tests.Messages;

/// <summary>Each message as an older or a newer version of its sender would have written it.</summary>
public sealed class When_a_message_is_of_another_version(Envelopes envelopes) : IClassFixture<Envelopes>
{
    /// <summary>What may be missing, because it has a default value. All else is required.</summary>
    private static readonly string[] Optional = ["$.customer.phone", "$.asOf", "$.takenUntil", "$.backlog", "$.complete[0].reference"];

    public static TheoryData<Type> Types => [.. MessageTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_field_that_is_missing_is_refused_by_its_name_unless_it_is_optional(Type type)
    {
        var message = await MessageAsync(Samples.All[type]);
        foreach (var (owner, name) in Owners(message).SelectMany((owner, i) => owner.Select(field => (i, field.Key))))
        {
            var older = message.DeepClone();
            var field = Owners(older).ElementAt(owner);
            var path = field[name]!.GetPath();
            field.Remove(name);

            if (Optional.Contains(path))
                Assert.NotNull(Read(older, type));
            else
                Assert.Contains($"'{name}'", Assert.Throws<JsonException>(() => Read(older, type)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_field_that_is_not_known_yet_is_left_alone(Type type)
    {
        var message = await MessageAsync(Samples.All[type]);
        var newer = message.DeepClone();
        foreach (var owner in Owners(newer).ToList())
            owner["ofTomorrow"] = new JsonObject { ["amount"] = 7 };

        Assert.True(JsonNode.DeepEquals(message, await MessageAsync(Read(newer, type))));
    }

    [Fact]
    public async Task A_null_where_there_is_none_is_refused()
    {
        var message = await MessageAsync(Samples.All[typeof(ReserveStock)]);
        message["lines"] = null;
        Assert.Contains("Lines", Assert.Throws<JsonException>(() => Read(message, typeof(ReserveStock))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_not_sent_in_the_first_place() =>
        await Assert.ThrowsAnyAsync<Exception>(() => envelopes.StoredAsync(new ReserveStock(Guid.NewGuid(), null!)));

    [Fact]
    public async Task A_type_and_a_property_can_have_new_names_in_the_code_and_keep_those_on_the_wire()
    {
        var oldRow = await envelopes.RowAsync(Samples.All[typeof(CommitStock)]);
        var old = JsonNode.Parse(oldRow.Body)!;
        var renamedRow = await envelopes.RowAsync(new TakeStock(Guid.Parse(old["message"]!["orderId"]!.ToString())));
        var renamed = JsonNode.Parse(renamedRow.Body)!;

        Assert.Equal(oldRow.DestinationAddress, renamedRow.DestinationAddress);
        Assert.All(["messageType", "message"], part => Assert.True(JsonNode.DeepEquals(old[part], renamed[part]), $"{renamed[part]}"));
        Assert.Equal(new TakeStock(Guid.Parse(old["message"]!["orderId"]!.ToString())), Read(old["message"]!, typeof(TakeStock)));
    }

    [Fact]
    public void What_a_sagas_row_keeps_is_read_without_what_is_optional_and_with_what_is_new()
    {
        using var context = Contexts.Create(typeof(PostgresOrderDbContext));
        var customer = context.Model.FindEntityType(typeof(OrderState))!.FindProperty(nameof(OrderState.Customer))!.GetValueConverter()!;

        Assert.Equal(new Customer("Ada", "ada@example.com"), customer.ConvertFromProvider("""{ "name": "Ada", "email": "ada@example.com", "language": "en" }"""));
    }

    private async Task<JsonNode> MessageAsync(object message) => JsonNode.Parse(await envelopes.StoredAsync(message))!["message"]!.DeepClone();

    private static object Read(JsonNode message, Type type) => message.Deserialize(type, SystemTextJsonMessageSerializer.Options)!;

    /// <summary>The message and what is in it that has fields.</summary>
    private static IEnumerable<JsonObject> Owners(JsonNode? node) => node switch
    {
        JsonObject owner => owner.SelectMany(field => Owners(field.Value)).Prepend(owner),
        JsonArray list => list.SelectMany(Owners),
        _ => [],
    };
}

/// <summary>CommitStock, had somebody renamed it and its property.</summary>
/// <param name="Order">The order.</param>
[MessageUrn("OrderSample.Contracts.Inventory.Commands:CommitStock")]
[EntityName("OrderSample.Contracts.Inventory.Commands:CommitStock")]
public sealed record TakeStock([property: JsonPropertyName("orderId")] Guid Order);
