namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>All experiments, grouped by hop.</summary>
internal sealed class ExperimentCatalog
{
    private static readonly Func<Experiment>[] Makers =
    [
        () => new BrokerAway(),
        () => new MemoryAlarm(),
        () => new FullQueue(),
        () => new CommandWithoutQueue(),
        () => new EventWithoutSubscriber(),
        () => new InventoryAway(),
        () => new CrashBeforeCommit(),
        () => new TransientFault(),
        () => new LastingFault(),
        () => new PoisonMessage(),
        () => new SameMessageFiftyTimes(),
        () => new NeverPaid(),
        () => new NeverAnswered(),
        () => new PaymentMeetsCancellation(),
        () => new EditedRow(),
        () => new TooManyOrders(),
        () => new KilledReplica(),
        () => new KilledNode(),
        () => new FrozenNode(),
    ];

    private readonly IReadOnlyList<Func<Experiment>> _makers;

    /// <summary>Those of this system.</summary>
    public ExperimentCatalog()
        : this(Makers)
    {
    }

    /// <summary>Others.</summary>
    internal ExperimentCatalog(IReadOnlyList<Func<Experiment>> makers)
    {
        _makers = makers;
        All = [.. makers.Select(make => make()).OrderBy(experiment => Hops.All.ToList().IndexOf(experiment.About.Hop))];
    }

    /// <summary>One of each, to be looked at.</summary>
    public IReadOnlyList<Experiment> All { get; }

    /// <summary>The experiment of a name, to be looked at; null when there is none.</summary>
    public Experiment? Find(string? name) => All.FirstOrDefault(experiment => experiment.About.Name == name);

    /// <summary>The experiment of a name, to be run once.</summary>
    public Experiment Make(string name) => _makers.Select(make => make()).First(experiment => experiment.About.Name == name);

    /// <summary>Those that a page of the handbook explains.</summary>
    public IEnumerable<Experiment> OfPage(string page) => All.Where(experiment => experiment.About.Why.Page == page);
}
