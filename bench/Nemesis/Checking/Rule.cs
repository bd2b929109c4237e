namespace OrderSample.Nemesis.Checking;

/// <summary>What has to hold, whatever was broken.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Check">Finds what violates it.</param>
internal sealed record Rule(string Name, Func<Facts, IEnumerable<Finding>> Check)
{
    /// <summary>All violations of it.</summary>
    public IReadOnlyList<Violation> Violations(Facts facts) => [.. Check(facts).Select(x => new Violation(Name, x.What, x.OrderId))];
}

/// <summary>Something that should not be so.</summary>
/// <param name="What">In a sentence.</param>
/// <param name="OrderId">The order that it is about.</param>
internal sealed record Finding(string What, Guid? OrderId = null);

/// <summary>A rule that does not hold.</summary>
/// <param name="Rule">Which.</param>
/// <param name="What">What is wrong.</param>
/// <param name="OrderId">The order that it is about.</param>
internal sealed record Violation(string Rule, string What, Guid? OrderId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {What}";
}
