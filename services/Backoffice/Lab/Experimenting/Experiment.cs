namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>A place in the code.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Text">What stands there.</param>
public sealed record CodePlace(string File, string Text);

/// <summary>Why an experiment loses nothing.</summary>
/// <param name="Text">In two sentences.</param>
/// <param name="Page">The name of the handbook's page about it.</param>
/// <param name="Test">The test that proves it: <c>Class.Method</c>.</param>
/// <param name="Code">Where it is in the code.</param>
public sealed record Explanation(string Text, string Page, string Test, params CodePlace[] Code);

/// <summary>What an experiment is.</summary>
/// <param name="Name">Its name in addresses and commands.</param>
/// <param name="Title">Its title.</param>
/// <param name="Hop">The group it belongs to, as the handbook has it.</param>
/// <param name="Belief">What we believe will happen.</param>
/// <param name="Why">Why nothing is lost.</param>
/// <param name="Seconds">About how long it takes, in seconds.</param>
internal sealed record Description(string Name, string Title, string Hop, string Belief, Explanation Why, int Seconds);

/// <summary>A step of an experiment.</summary>
/// <param name="Title">What is done.</param>
/// <param name="ByHand">How to do the same without the Lab.</param>
/// <param name="DeadlineSeconds">How long it may take, in seconds.</param>
/// <param name="Do">Does it; throws <see cref="ExperimentFailedException"/> when it sees something else than was believed.</param>
internal sealed record Step(string Title, string ByHand, int DeadlineSeconds, Func<Trial, CancellationToken, Task> Do);

/// <summary>Something else was seen than was believed.</summary>
/// <param name="message">What.</param>
internal sealed class ExperimentFailedException(string message) : Exception(message);

/// <summary>
/// An experiment with the running system: what is believed, what is done, and what must be seen. An instance is one run of it, so it may
/// keep what its steps have to know of one another. What it breaks is put back for it, as the system was found.
/// </summary>
internal abstract class Experiment
{
    /// <summary>What it is.</summary>
    public abstract Description About { get; }

    /// <summary>What is done, in this sequence.</summary>
    public abstract IReadOnlyList<Step> Steps { get; }

    /// <summary>Queues that show what happens.</summary>
    public virtual IReadOnlyList<string> Queues => [];

    /// <summary>Services whose outboxes show what happens.</summary>
    public virtual IReadOnlyList<string> Outboxes => [];

    /// <summary>The product that its orders are for: one of its own, so that nothing else is broken with it.</summary>
    public string Sku => $"LAB-{About.Name.ToUpperInvariant()}";

    /// <summary>What this system lacks for it, for people; null when it can run.</summary>
    /// <param name="system">How the system is made up.</param>
    public virtual string? Lacks(SystemShape system) => null;

    /// <summary>Puts back what the app host does not know of. Is called after each run, whatever happened.</summary>
    public virtual Task PutBackAsync(Trial lab, CancellationToken cancellationToken) => Task.CompletedTask;
}
