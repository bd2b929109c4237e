using System.Text;
using MimeKit;

namespace OrderSample.NotificationService.SendingEmail;

/// <summary>To whom a mail is.</summary>
internal static class Recipient
{
    /// <summary>Bytes of a name in one encoded word, which may have 75 characters (RFC 2047, 2).</summary>
    private const int WordSize = 45;

    /// <summary>
    /// The header, with the name as encoded words. Whatever a customer calls himself is then nothing but a name: no second recipient, no
    /// quotes that do not end, nothing that a reader takes for encoded, and no space that gets lost.
    /// </summary>
    /// <param name="name">Any text without control characters.</param>
    /// <param name="address">An address of letters, digits and the signs that need no quotes.</param>
    public static Header Header(string name, string address)
    {
        var header = new Header(HeaderId.To, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {string.Join("\r\n ", Words(name))}\r\n <{address}>\r\n"));
        return header;
    }

    private static List<string> Words(string name)
    {
        var word = new List<byte>(WordSize);
        Span<byte> bytes = stackalloc byte[4];
        var words = new List<string>();
        foreach (var rune in name.EnumerateRunes())
        {
            // A character is never divided (RFC 2047, 5).
            var length = rune.EncodeToUtf8(bytes);
            if (word.Count + length > WordSize)
                End();
            word.AddRange(bytes[..length]);
        }

        End();
        return words;

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
