using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.NotificationService.SendingEmail;

/// <summary>Sends by SMTP, or writes the mail as a file that mail programs can open.</summary>
internal sealed class EmailSender(IOptions<SmtpOptions> options, IHostEnvironment environment, TimeProvider time) : INotificationSender
{
    private readonly SmtpOptions _options = options.Value;

    public NotificationChannel Channel => NotificationChannel.Email;

    public async Task<NotificationStatus> SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        using var mail = Compose(notice);
        if (_options.Host is { Length: > 0 } host)
            await SendAsync(mail, host, cancellationToken);
        else
            await WriteAsync(mail, notice.Id + ".eml", cancellationToken);
        return NotificationStatus.Sent;
    }

    private MimeMessage Compose(Notice notice)
    {
        var from = MailboxAddress.Parse(_options.From);
        var mail = new MimeMessage
        {
            MessageId = $"{notice.Id}@{from.Domain}",
            Date = time.GetUtcNow(),
            Subject = notice.Subject,
            Body = new TextPart("plain") { Text = $"Dear {notice.Customer.Name},\n\n{notice.Text}\n" },
        };
        mail.From.Add(from);
        mail.Headers.Add(Recipient.Header(notice.Customer.Name, notice.Customer.Email));
        // Every mail server takes it then as it is.
        mail.Prepare(EncodingConstraint.SevenBit);
        return mail;
    }

    private async Task SendAsync(MimeMessage mail, string host, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var client = new SmtpClient();
            await ConnectAsync(client, host, either.Token);
            await client.SendAsync(mail, either.Token);
            await client.DisconnectAsync(quit: true, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not take the mail within {_options.Timeout}.");
        }
    }

    /// <exception cref="DependencyAwayException">The server takes no mail from anybody, or none from this service.</exception>
    private async Task ConnectAsync(SmtpClient client, string host, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(host, _options.Port, _options.UseTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellationToken);
            if (_options.UserName is { Length: > 0 } user)
                await client.AuthenticateAsync(user, _options.Password ?? "", cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DependencyAwayException($"The mail server can't be used: {exception.Message}", exception);
        }
    }

    /// <summary>Written beside and then moved: the file is whole or not there, and a repetition replaces it.</summary>
    private async Task WriteAsync(MimeMessage mail, string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(environment.ContentRootPath, _options.PickupFolder)).FullName;
        var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
        // In one piece: MimeKit's WriteToAsync writes a mail in some twenty asynchronous steps.
        using var content = new MemoryStream();
        mail.WriteTo(content, cancellationToken);
        try
        {
            await File.WriteAllBytesAsync(draft, content.GetBuffer().AsMemory(0, (int)content.Length), cancellationToken);
            File.Move(draft, Path.Combine(folder, name), overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
