using System.ComponentModel.DataAnnotations;

namespace OrderSample.NotificationService.SendingEmail;

/// <summary>Configuration section <c>Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Smtp";

    /// <summary>The mail server; without one, mails are put into <see cref="PickupFolder"/>.</summary>
    public string? Host { get; init; }

    /// <summary>The mail server's port.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 25;

    /// <summary>Whether to insist on STARTTLS.</summary>
    public bool UseTls { get; init; }

    /// <summary>User name, if the server asks for one.</summary>
    public string? UserName { get; init; }

    /// <summary>Password of that user.</summary>
    public string? Password { get; init; }

    /// <summary>Sender of all mails; the part behind the @ also ends their Message-IDs.</summary>
    [Required, EmailAddress]
    public string From { get; init; } = "shop@ordersample.example";

    /// <summary>Folder for .eml files, relative to the content root. Used when there is no <see cref="Host"/>.</summary>
    [Required]
    public string PickupFolder { get; init; } = ".data/mail";

    /// <summary>How long sending one mail may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
