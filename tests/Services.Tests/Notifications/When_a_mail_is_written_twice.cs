using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.NotificationService.SendingEmail;

namespace OrderSample.Services.Tests.Notifications;

public sealed class When_a_mail_is_written_twice : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mail");

    [Fact]
    public async Task The_pickup_folder_holds_one_file_with_a_stable_message_id()
    {
        var orderId = Guid.NewGuid();
        var notice = Notice.Of(new OrderCompleted(orderId, new Customer("Ada Löwe", "ada@example.org", null), 12.50m));
        var sender = new EmailSender(Options.Create(new SmtpOptions { PickupFolder = "out" }), new Environment(_folder.FullName), TimeProvider.System);

        Assert.Equal(NotificationStatus.Sent, await sender.SendAsync(notice, CancellationToken.None));
        Assert.Equal(NotificationStatus.Sent, await sender.SendAsync(notice, CancellationToken.None));

        var file = Assert.Single(_folder.GetFileSystemInfos("*", SearchOption.AllDirectories).OfType<FileInfo>());
        Assert.Equal($"{orderId:N}.OrderCompleted.eml", file.Name);
        var mail = await File.ReadAllTextAsync(file.FullName);
        Assert.Contains($"Message-ID: <{orderId:N}.OrderCompleted@ordersample.example>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ada@example.org", mail, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Environment(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";

        public string ApplicationName { get; set; } = "Test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
