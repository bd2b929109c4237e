using System.Text.RegularExpressions;
using OrderSample.Backoffice.Console.Handbook;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Services.Tests.Documentation;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>What an experiment points at is there: pages, code and tests are renamed, and nobody tells a text.</summary>
public sealed partial class The_experiments_described
{
    private static readonly ExperimentCatalog Catalog = new();
    private static readonly HandbookFiles Handbook = new();

    public static TheoryData<string> Names => [.. Catalog.All.Select(experiment => experiment.About.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_page_its_code_and_its_test_are_there(string name)
    {
        var why = Catalog.Find(name)!.About.Why;

        Assert.NotNull(Handbook.Find(why.Page));
        Assert.True(Repository.HasTest(why.Test), why.Test);
        Assert.NotEmpty(why.Code);
        Assert.All(why.Code, place => Assert.Contains(place.Text, Repository.Read(place.File), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_all_that_a_reader_is_promised(string name)
    {
        var experiment = Catalog.Find(name)!;

        Assert.Matches(Name(), name);
        Assert.Contains(experiment.About.Hop, Hops.All);
        Assert.Equal(2, Sentences(experiment.About.Why.Text));
        Assert.InRange(Sentences(experiment.About.Belief), 1, 3);
        Assert.NotEmpty(experiment.Steps);
        Assert.All(experiment.Steps, step =>
        {
            Assert.False(string.IsNullOrWhiteSpace(step.ByHand), step.Title);
            Assert.InRange(step.DeadlineSeconds, 1, 600);
        });
        Assert.Equal(experiment.Steps.Count, experiment.Steps.Select(step => step.Title).Distinct().Count());
    }

    [Fact]
    public void Each_has_a_name_of_its_own_and_a_new_instance_for_each_run()
    {
        Assert.Equal(Catalog.All.Count, Catalog.All.Select(experiment => experiment.About.Name).Distinct().Count());
        Assert.All(Catalog.All, experiment => Assert.NotSame(Catalog.Make(experiment.About.Name), Catalog.Make(experiment.About.Name)));
    }

    private static int Sentences(string text) => SentenceEnd().Count(text);

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\.(\s|$)")]
    private static partial Regex SentenceEnd();
}
