using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MimeKit;
using netDumbster.smtp;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.NotificationService.SendingEmail;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Services.Tests.Notifications;

public sealed partial class When_a_mail_is_sent : IDisposable
{
    private const int ByFile = 300;
    private const int BySmtp = 100;

    /// <summary>Seen to reach somebody else, to break the header, or to arrive as another name.</summary>
    private static readonly string[] Nasty =
    [
        "Eve\" <eve@evil.example>, \"Ada", "Ada\\", "\"", "=?utf-8?q?x?=", "Ada =?utf-8?b?QQ==?=", "Löwe, Ada", " Ada  Löwe ", "(Ada)", "Ada <", "🙂 é", "Ada; Bob:", "=?", "日本 太郎",
    ];

    private static readonly string[] Pieces = ["a", "Löwe", " ", "  ", "\"", "\\", "<", ">", ",", ";", ":", "@", "(", ")", "=?utf-8?q?", "?=", "=?utf-8?b?QQ==?=", "🙂", "é", "\u00a0", "\u2028", ".", "eve@evil.example"];

    /// <summary>Names that pass the order service's validation: 1 to 200 characters, not only white space, no control character.</summary>
    private static readonly Gen<string> AnyName = Gen.OneOf(
        Gen.Elements(Nasty),
        Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces)).Where(name => name.Length <= 200 && !string.IsNullOrWhiteSpace(name)));

    private static readonly Gen<string> AnyAddress = Gen.Elements("ada@example.org", "a.d-a+x=y@mail.example.org", "=?utf-8?q?x?=@example.org", "#!$%&'*/^_`{|}~@example.org");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mail");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Twice_the_pickup_folder_holds_one_file_with_a_stable_message_id()
    {
        var notice = Notice.Of(new OrderCompleted(Guid.NewGuid(), new Customer("Ada Löwe", "ada@example.org", null), 12.50m));
        var sender = Sender(new SmtpOptions { PickupFolder = "out" });

        Assert.Equal(NotificationStatus.Sent, await sender.SendAsync(notice, CancellationToken.None));
        Assert.Equal(NotificationStatus.Sent, await sender.SendAsync(notice, CancellationToken.None));

        var file = Assert.Single(_folder.GetFileSystemInfos("*", SearchOption.AllDirectories).OfType<FileInfo>());
        Assert.Equal($"{notice.OrderId:N}.OrderCompleted.eml", file.Name);
        using var mail = await MimeMessage.LoadAsync(file.FullName);
        Assert.Equal($"{notice.OrderId:N}.OrderCompleted@ordersample.example", mail.MessageId);
        Assert.Contains("Dear Ada Löwe,", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sender_may_have_a_name()
    {
        await Sender(new SmtpOptions { PickupFolder = "out", From = "Ordering <shop@example.org>" }).SendAsync(To("Ada", "ada@example.org"), CancellationToken.None);

        using var mail = await MimeMessage.LoadAsync(_folder.GetFiles("*.eml", SearchOption.AllDirectories).Single().FullName);
        Assert.Equal("Ordering <shop@example.org>", mail.From.ToString().Replace("\"", "", StringComparison.Ordinal));
        Assert.EndsWith("@example.org", mail.MessageId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_that_takes_nobodys_mail_is_away()
    {
        int port;
        using (var gone = new TcpListener(IPAddress.Loopback, 0))
        {
            gone.Start();
            port = ((IPEndPoint)gone.LocalEndpoint).Port;
        }

        await Assert.ThrowsAsync<DependencyAwayException>(() =>
            Sender(new SmtpOptions { Host = "127.0.0.1", Port = port }).SendAsync(To("Ada", "ada@example.org"), CancellationToken.None));
    }

    [Fact]
    public void To_the_pickup_folder_any_name_arrives_as_it_was_typed()
    {
        var sender = Sender(new SmtpOptions { PickupFolder = "out" });
        Prop.ForAll(Arb.From(AnyName), Arb.From(AnyAddress), (name, address) =>
        {
            sender.SendAsync(To(name, address), CancellationToken.None).GetAwaiter().GetResult();
            var file = _folder.GetFiles("*.eml", SearchOption.AllDirectories).Single();
            using (var mail = MimeMessage.Load(file.FullName))
                MustBeFor(name, address, mail);
            file.Delete();
        }).Check(Cases.Of(ByFile));
    }

    [Fact]
    public void By_smtp_any_name_arrives_as_it_was_typed_and_nobody_else_gets_the_mail()
    {
        using var server = Configuration.Configure().WithAddress(IPAddress.Loopback).WithRandomPort().Build();
        var sender = Sender(new SmtpOptions { Host = "127.0.0.1", Port = server.Configuration.Port });
        Prop.ForAll(Arb.From(AnyName), Arb.From(AnyAddress), (name, address) =>
        {
            server.ClearReceivedEmail();
            sender.SendAsync(To(name, address), CancellationToken.None).GetAwaiter().GetResult();
            var received = Assert.Single(server.ReceivedEmail);
            Assert.Equal([address], received.ToAddresses.Select(x => x.Address));
            // The server leaves the dots doubled that SMTP doubles at the beginning of a line (RFC 5321, 4.5.2).
            using var stream = new MemoryStream(Encoding.Latin1.GetBytes(StuffedDot().Replace(received.Data, ".")));
            using var mail = MimeMessage.Load(stream);
            MustBeFor(name, address, mail);
        }).Check(Cases.Of(BySmtp));
    }

    [Fact]
    public async Task To_a_server_that_never_answers_it_is_given_up_in_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var sender = Sender(new SmtpOptions { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, Timeout = TimeSpan.FromMilliseconds(300) });
        var given = await Assert.ThrowsAsync<TimeoutException>(() => sender.SendAsync(To("Ada", "ada@example.org"), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("mail server", given.Message, StringComparison.Ordinal);
    }

    private static Notice To(string name, string address) => Notice.Of(new OrderCompleted(Guid.NewGuid(), new Customer(name, address, null), 12.50m));

    private static void MustBeFor(string name, string address, MimeMessage mail)
    {
        var to = Assert.IsType<MailboxAddress>(Assert.Single(mail.GetRecipients()));
        Assert.Equal((name, address), (to.Name, to.Address));
        Assert.StartsWith($"Dear {name},", mail.TextBody, StringComparison.Ordinal);
        // No line of it became a header; a mail server adds that it received the mail.
        Assert.Empty(mail.Headers.Select(x => x.Field).Except(["Received", "From", "Message-Id", "Date", "Subject", "To", "MIME-Version"], StringComparer.OrdinalIgnoreCase));
    }

    private EmailSender Sender(SmtpOptions options) => new(Options.Create(options), new Environment(_folder.FullName), TimeProvider.System);

    [GeneratedRegex(@"^\.\.", RegexOptions.Multiline)]
    private static partial Regex StuffedDot();

    private sealed class Environment(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";

        public string ApplicationName { get; set; } = "Test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
