using MassTransit.EntityFrameworkCore.Tests.Running;

namespace MassTransit.EntityFrameworkCore.Tests;

/// <summary>
/// The text lists what MassTransit.EntityFrameworkCore 8.5 offers to applications, as written by the same code from that
/// assembly. Left out of it: the parts of its own machinery that happen to be public, and MySQL, SQLite and Oracle.
/// </summary>
public sealed class ThePublicSurfaceIsThePackages
{
    [Fact]
    public void Nothing_that_an_application_can_use_of_the_package_is_missing()
    {
        var published = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface.txt"));
        var offered = PublicSurface.Of(typeof(EntityFrameworkOutboxConfigurationExtensions).Assembly);

        Assert.Empty(published.Except(offered));
    }
}
