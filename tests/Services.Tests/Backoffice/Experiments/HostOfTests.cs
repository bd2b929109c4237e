using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>The app host in memory: it keeps one run, and heals what is broken when it is told to.</summary>
internal sealed class HostOfTests(Shop shop) : ILabHost
{
    private volatile LabRun? _run;
    private volatile RunSignals _signals = new(Cancel: false, Next: 0);

    public bool IsThere { get; init; } = true;

    /// <summary>What the services have logged.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Why another run can't begin; null when it can.</summary>
    public string? Refusal { get; set; }

    /// <summary>What can't be put back.</summary>
    public IReadOnlyList<string> NotMended { get; set; } = [];

    /// <summary>What was reported last.</summary>
    public LabRun? Run => _run;

    /// <summary>How often everything was put back.</summary>
    public int Mended { get; private set; }

    /// <summary>Stops the inventory.</summary>
    public void Break() => shop.Answer(HttpMethod.Post, "/resources/inventory-service/stop", default, "app-host").Dispose();

    public Task<ServiceAnswer<RunSignals>> KeepAsync(LabRun run, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
            return Task.FromResult(new ServiceAnswer<RunSignals>(null, Refusal));
        _run = run;
        return Task.FromResult(new ServiceAnswer<RunSignals>(_signals, null));
    }

    public Task<LabReading> ListAsync(CancellationToken cancellationToken) => Task.FromResult(new LabReading(_run?.Id, _run is { } run ? [run.Summary] : []));

    public Task<LabRun?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(_run);

    public Task<string?> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        _signals = _signals with { Cancel = true };
        return Task.FromResult<string?>(null);
    }

    public Task<string?> NextAsync(Guid id, CancellationToken cancellationToken)
    {
        _signals = _signals with { Next = _signals.Next + 1 };
        return Task.FromResult<string?>(null);
    }

    public Task<IReadOnlyList<string>> MendAsync(CancellationToken cancellationToken)
    {
        Mended++;
        shop.Mend();
        return Task.FromResult(NotMended);
    }

    public Task<string?> BreakAsync(string kind, string target, object? details, CancellationToken cancellationToken)
    {
        shop.BrokerTakes = kind != "memory-alarm";
        return Task.FromResult<string?>(null);
    }

    public Task<string?> MendAsync(string kind, string target, CancellationToken cancellationToken)
    {
        shop.Deliver();
        return Task.FromResult<string?>(null);
    }

    public Task<IReadOnlyList<HostedResource>> NodesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<HostedResource>>([]);

    public Task<IReadOnlyList<string>> ReadLogAsync(string resource, string about, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. Log.Where(line => line.Contains(about, StringComparison.Ordinal))]);
}

/// <summary>Has a shop answer what is asked of a service.</summary>
internal sealed class Answers(Shop shop, string service) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadFromJsonAsync<JsonElement>(cancellationToken) : default;
        return shop.Answer(request.Method, request.RequestUri!.PathAndQuery, body, service);
    }
}

/// <summary>An experiment whose steps a test says.</summary>
internal sealed class TestExperiment(params Step[] steps) : Experiment
{
    public const string Name = "of-a-test";

    public override Description About { get; } = new(Name, "Of a test", Hops.Saga, "It is believed.", new Explanation("Because.", "saga", "A.B"), Seconds: 1);

    public override IReadOnlyList<Step> Steps => steps;

    /// <summary>What it puts back itself.</summary>
    public Func<Task> Own { get; init; } = () => Task.CompletedTask;

    /// <summary>What the system lacks for it.</summary>
    public string? Lack { get; init; }

    public override string? Lacks(SystemShape system) => Lack;

    public override Task PutBackAsync(Trial lab, CancellationToken cancellationToken) => Own();
}
