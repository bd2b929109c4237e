namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>How a run of an experiment stands.</summary>
public enum RunStatus
{
    /// <summary>Its steps are carried out.</summary>
    Running,

    /// <summary>The steps are over, and what they broke is put back.</summary>
    PuttingBack,

    /// <summary>What was believed was seen, and everything is put back.</summary>
    Passed,

    /// <summary>Something else was seen, or something could not be put back.</summary>
    Failed,

    /// <summary>Somebody ended it, and everything is put back.</summary>
    Cancelled,

    /// <summary>The console that ran it is not heard of any more; the app host has put everything back.</summary>
    Abandoned,
}

/// <summary>How a step stands.</summary>
public enum StepStatus
{
    /// <summary>It has not begun.</summary>
    Waiting,

    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It went wrong.</summary>
    Failed,

    /// <summary>The run ended before it.</summary>
    Skipped,
}

/// <summary>A step of a run.</summary>
/// <param name="Title">What is done.</param>
/// <param name="ByHand">How to do the same without the Lab.</param>
/// <param name="Status">How it stands.</param>
/// <param name="DeadlineSeconds">How long it may take.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
/// <param name="WaitsFor">What it waits for at the moment, or waited for when it failed.</param>
/// <param name="Seen">What was seen last of that.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record StepProgress(
    string Title, string ByHand, StepStatus Status, double DeadlineSeconds, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null,
    string? WaitsFor = null, string? Seen = null, string? Problem = null);

/// <summary>Something that was claimed, and looked at.</summary>
/// <param name="Claim">What ought to be.</param>
/// <param name="Holds">Whether it is.</param>
/// <param name="Seen">What was seen.</param>
public sealed record Check(string Claim, bool Holds, string Seen);

/// <summary>Something that was seen on the way.</summary>
/// <param name="What">What it is.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Page">The console's page about it, if it has one.</param>
public sealed record Sighting(string What, string Text, string? Page = null);

/// <summary>An order of the run.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Its state, when it was last looked at; null before.</param>
/// <param name="What">What is special about it.</param>
public sealed record OrderSeen(Guid OrderId, string? Status, string? What);

/// <summary>How much waits somewhere.</summary>
/// <param name="Name">The queue, or the service whose outbox it is.</param>
/// <param name="Messages">Messages; null while nobody can say.</param>
/// <param name="Most">The most that were seen during the run.</param>
public sealed record FillSeen(string Name, int? Messages, int Most);

/// <summary>A run of an experiment, with its evidence.</summary>
/// <param name="Id">The run.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Title">The experiment's title.</param>
/// <param name="By">Who started it.</param>
/// <param name="Status">How it stands.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When everything was put back, UTC; null before.</param>
/// <param name="Problem">Why it did not pass; null when it did, or may.</param>
/// <param name="IsStepwise">Whether somebody says when each step begins.</param>
/// <param name="WaitsForPerson">Whether it waits for that.</param>
/// <param name="Steps">What is done.</param>
/// <param name="PutBack">How what was broken is put back.</param>
/// <param name="Checks">What was claimed, and whether it holds.</param>
/// <param name="Sightings">What was seen on the way.</param>
/// <param name="OrderCount">How many orders it has placed.</param>
/// <param name="Orders">The first of them.</param>
/// <param name="Queues">The queues that it is about.</param>
/// <param name="Outboxes">The outboxes that it is about.</param>
public sealed record LabRun(
    Guid Id, string Experiment, string Title, string By, RunStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Problem,
    bool IsStepwise, bool WaitsForPerson, IReadOnlyList<StepProgress> Steps, StepProgress PutBack, IReadOnlyList<Check> Checks, IReadOnlyList<Sighting> Sightings,
    int OrderCount, IReadOnlyList<OrderSeen> Orders, IReadOnlyList<FillSeen> Queues, IReadOnlyList<FillSeen> Outboxes)
{
    /// <summary>What a list shows of it.</summary>
    internal RunSummary Summary => new(Id, Experiment, Title, By, Status, StartedAt, EndedAt, Problem);
}

/// <summary>A run in a list.</summary>
/// <inheritdoc cref="LabRun"/>
public sealed record RunSummary(
    Guid Id, string Experiment, string Title, string By, RunStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Problem);
