using System.Net;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;

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

    private MailMessage Compose(Notice notice)
    {
        var from = new MailAddress(_options.From);
        var mail = new MailMessage
        {
            From = from,
            Subject = notice.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = $"Dear {notice.Customer.Name},\n\n{notice.Text}\n",
            BodyEncoding = Encoding.UTF8,
        };
        mail.To.Add(new MailAddress(notice.Customer.Email, notice.Customer.Name, Encoding.UTF8));
        mail.Headers.Add("Message-ID", $"<{notice.Id}@{from.Host}>");
        return mail;
    }

    private async Task SendAsync(MailMessage mail, string host, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient(host, _options.Port) { EnableSsl = _options.UseTls };
        if (_options.UserName is { Length: > 0 } user)
            client.Credentials = new NetworkCredential(user, _options.Password);
        using var deadline = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await client.SendMailAsync(mail, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not take the mail within {_options.Timeout}.");
        }
    }

    /// <summary>Written beside and then moved: the file is whole or not there, and a repetition replaces it.</summary>
    private async Task WriteAsync(MailMessage mail, string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(environment.ContentRootPath, _options.PickupFolder)).FullName;
        var draft = Directory.CreateDirectory(Path.Combine(folder, $".{Guid.NewGuid():N}"));
        try
        {
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = draft.FullName };
            await client.SendMailAsync(mail, cancellationToken);
            draft.GetFiles().Single().MoveTo(Path.Combine(folder, name), overwrite: true);
        }
        finally
        {
            draft.Delete(recursive: true);
        }
    }
}
