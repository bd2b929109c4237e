using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrderSample.InventoryService.Data;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.Tests.OpenApi;

/// <summary>What changes what is on its way, or shows what customers wrote, is for operators.</summary>
public abstract class What_is_for_operators<TEntryPoint>(params string[] operations)
    where TEntryPoint : class
{
    private const string Key = "0123456789abcdefghij";
    private static readonly IPAddress Elsewhere = IPAddress.Parse("203.0.113.7");

    [Fact]
    public async Task Is_done_for_this_machine_when_there_is_no_key()
    {
        await using var api = new DescribedApi<TEntryPoint>();
        Assert.Empty(await RefusedBy(api, sent: null));
    }

    [Fact]
    public async Task Is_refused_to_another_machine_when_there_is_no_key()
    {
        await using var api = new DescribedApi<TEntryPoint> { Caller = Elsewhere };
        Assert.Equal(operations.Order(), await RefusedBy(api, sent: null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789abcdefghi")]
    [InlineData("0123456789abcdefghijk")]
    public async Task Is_refused_to_everybody_without_the_key_when_there_is_one(string? sent)
    {
        await using var api = new DescribedApi<TEntryPoint> { Settings = { ["Operators:Key"] = Key } };
        Assert.Equal(operations.Order(), await RefusedBy(api, sent));
    }

    [Fact]
    public async Task Is_done_for_whoever_has_the_key()
    {
        await using var api = new DescribedApi<TEntryPoint> { Caller = Elsewhere, Settings = { ["Operators:Key"] = Key } };
        Assert.Empty(await RefusedBy(api, Key));
    }

    [Fact]
    public async Task Needs_a_key_that_can_not_be_guessed()
    {
        await using var api = new DescribedApi<TEntryPoint> { Settings = { ["Operators:Key"] = Key[1..] } };
        await Assert.ThrowsAsync<OptionsValidationException>(api.InitializeAsync);
    }

    /// <summary>The operations whose example is answered with 401.</summary>
    private static async Task<IEnumerable<string>> RefusedBy(DescribedApi<TEntryPoint> api, string? sent)
    {
        await api.InitializeAsync();
        var refused = new List<string>();
        foreach (var operation in await api.OperationsAsync())
        {
            using var request = operation.Request();
            if (sent is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", sent);
            using var answer = await api.Client.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
                continue;
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Contains($"{StatusCodes.Status401Unauthorized}", operation.Text.Responses!.Keys);
            refused.Add(operation.Name);
        }

        return refused.Order();
    }
}

public sealed class What_is_for_operators_of_orders() : What_is_for_operators<OrderDbContext>(
    "ListParkedMessages", "RetryParkedMessage", "DiscardParkedMessage", "GetChaos", "PutChaos", "RetryOrder", "CancelParkedOrder", "StartReconciliation");

public sealed class What_is_for_operators_of_the_inventory() : What_is_for_operators<InventoryDbContext>(
    "ListParkedMessages", "RetryParkedMessage", "DiscardParkedMessage", "GetChaos", "PutChaos", "PutStock");
