using System.Text.Json;
using OrderSample.AppHost.Breaking;

namespace OrderSample.AppHost.Tests;

/// <summary>Whatever experiments break is noted, and put back even when that fails at first.</summary>
public sealed class What_is_broken_is_put_back
{
    private readonly List<string> _done = [];
    private readonly Breaks _breaks;

    public What_is_broken_is_put_back() => _breaks = new Breaks([new Noted("one", _done), new Noted("two", _done)]);

    [Fact]
    public async Task The_last_first_and_each_once()
    {
        await Break("one", "a");
        await Break("two", "b");
        await Break("one", "a");

        Assert.Empty(await _breaks.MendAllAsync(CancellationToken.None));
        Assert.Empty(await _breaks.MendAllAsync(CancellationToken.None));
        Assert.Equal(["break one a", "break two b", "break one a", "mend one a", "mend two b"], _done);
    }

    [Fact]
    public async Task Also_what_was_broken_in_part()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Break("one", "fails"));

        Assert.Empty(await _breaks.MendAllAsync(CancellationToken.None));
        Assert.Equal(["mend one fails"], _done);
    }

    [Fact]
    public async Task What_was_put_back_by_itself_is_not_put_back_again()
    {
        await Break("one", "a");
        await _breaks.MendAsync(_breaks.Find("one")!, "a", CancellationToken.None);
        await _breaks.MendAllAsync(CancellationToken.None);
        Assert.Equal(["break one a", "mend one a"], _done);
    }

    [Fact]
    public async Task What_could_not_be_put_back_is_said_holds_up_nothing_else_and_is_tried_again()
    {
        await Break("one", "a");
        await Break("two", "stays");

        Assert.Equal(["two of stays: not yet"], await _breaks.MendAllAsync(CancellationToken.None));
        Assert.Equal(["two of stays: not yet"], await _breaks.MendAllAsync(CancellationToken.None));
        Assert.Equal(["break one a", "break two stays", "mend one a"], _done);
    }

    [Fact]
    public void Other_settings_take_the_place_of_those_that_there_are_whatever_their_case()
    {
        var overrides = new SettingsOverrides();
        overrides.Set("order-service", new Dictionary<string, string> { ["Saga:MaxResends"] = "2" });
        var variables = new Dictionary<string, object> { ["SAGA__MAXRESENDS"] = "10", ["Saga__PaymentTimeout"] = "00:01:00" };

        overrides.ApplyTo("order-service", variables);
        Assert.Equal(new Dictionary<string, object> { ["Saga__MaxResends"] = "2", ["Saga__PaymentTimeout"] = "00:01:00" }, variables);

        Assert.True(overrides.Clear("order-service"));
        Assert.False(overrides.Clear("order-service"));
    }

    private Task Break(string kind, string target) => _breaks.BreakAsync(_breaks.Find(kind)!, target, default, CancellationToken.None);

    private sealed class Noted(string kind, List<string> done) : IFault
    {
        public string Kind => kind;

        public Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
        {
            if (target == "fails")
                throw new InvalidOperationException("in the middle");
            done.Add($"break {kind} {target}");
            return Task.CompletedTask;
        }

        public Task MendAsync(string target, CancellationToken cancellationToken)
        {
            if (target == "stays")
                throw new InvalidOperationException("not yet");
            done.Add($"mend {kind} {target}");
            return Task.CompletedTask;
        }
    }
}
