using Aspire.Hosting;
using OrderSample.AppHost.Starting;

namespace OrderSample.AppHost.Tests;

public sealed class Options_become_settings
{
    [Theory]
    [InlineData("--containers", "--Servers=containers")]
    [InlineData("--local --fresh", "--Servers=local --Servers:Fresh=true")]
    [InlineData("--cluster --haproxy", "--cluster=3 --haproxy=true")]
    [InlineData("--cluster=5 --replicas 2", "--cluster=5 --replicas=2")]
    [InlineData("--replicas=2 --no-dashboard", "--replicas=2 --dashboard=false")]
    [InlineData("--ports 6100 --start-timeout 90", "--Ports:First=6100 --Startup:Timeout=90")]
    [InlineData("--data /tmp/x --Saga:PaymentTimeout=00:00:05", "--Servers:Data=/tmp/x --Saga:PaymentTimeout=00:00:05")]
    [InlineData("--operation publish --step deploy", "--operation publish --step deploy")]
    public void As_written_by_people(string options, string settings) => Assert.Equal(settings.Split(' '), CommandLine.ToSettings(options.Split(' ')));

    [Fact]
    public void A_data_folder_is_where_its_user_means_it() =>
        Assert.Equal([$"--Servers:Data={Path.Combine(Directory.GetCurrentDirectory(), "mine")}"], CommandLine.ToSettings(["--data", "mine"]));

    [Theory]
    [InlineData("--replica=2")]
    [InlineData("--container")]
    [InlineData("containers")]
    [InlineData("--data")]
    [InlineData("--data --fresh")]
    [InlineData("--ports=")]
    public void What_is_unknown_or_lacks_its_value_is_refused(string options)
    {
        var refused = Assert.Throws<DistributedApplicationException>(() => CommandLine.ToSettings(options.Split(' ')));
        Assert.Contains("--help", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option() =>
        Assert.All(["--containers", "--local", "--fresh", "--data", "--ports", "--replicas", "--cluster", "--haproxy", "--no-dashboard", "--start-timeout"],
            option => Assert.Contains($"  {option} ", CommandLine.Help, StringComparison.Ordinal));
}
