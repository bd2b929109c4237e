using Aspire.Hosting;
using OrderSample.Servers;

namespace OrderSample.AppHost.Tests;

public sealed class The_data_folder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_for_one_application_at_a_time()
    {
        using (Open())
        {
            var refused = Assert.Throws<DistributedApplicationException>(() => Open());
            Assert.Contains("--data FOLDER", refused.Message, StringComparison.Ordinal);
        }

        using var next = Open();
    }

    [Fact]
    public void Keeps_passwords_that_only_their_owner_can_read()
    {
        string password;
        using (var first = Open())
            password = first.Password("postgres");
        using (var second = Open())
            Assert.Equal(password, second.Password("postgres"));

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "postgres.password")));
    }

    [Fact]
    public void Is_emptied_by_fresh_but_for_its_id_and_a_program_that_was_built_there()
    {
        string id, password;
        using (var first = Open())
            (id, password) = (first.Id, first.Password("postgres"));
        _folder.Write("postgres/base/1/table", "rows");
        _folder.Write("build/bin/program", "code");

        using var fresh = Open(fresh: true);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "postgres")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "build", "bin", "program")));
        Assert.Equal(id, fresh.Id);
        Assert.NotEqual(password, fresh.Password("postgres"));
    }

    [Fact]
    public async Task Of_a_test_goes_with_the_application()
    {
        var builder = ServersOnly.CreateBuilder();
        var folder = DataFolder.Of(builder);
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            Assert.True(Directory.Exists(folder.For("postgres")));
        }

        Assert.False(Directory.Exists(folder.Path));
    }

    private DataFolder Open(bool fresh = false)
    {
        var builder = ServersOnly.CreateBuilder();
        builder.Configuration["Servers:Data"] = _folder.Path;
        builder.Configuration["Servers:Fresh"] = $"{fresh}";
        var folder = DataFolder.Of(builder);
        Assert.Same(folder, DataFolder.Of(builder));
        return folder;
    }
}
