using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>The charset of a request's body. The framework answers 500 to one in quotes, which is legal (RFC 9110, 8.3.2), as to one that it does not know.</summary>
internal static class Charsets
{
    /// <summary>Takes the quotes off a charset that is known, and answers any other one with 415.</summary>
    public static void UseKnownCharsets(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue)
        {
            if (Known(HeaderUtilities.RemoveQuotes(type.Charset).ToString()) is not { } encoding)
            {
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return;
            }

            type.Encoding = encoding;
            context.Request.ContentType = type.ToString();
        }

        await next(context);
    });

    private static Encoding? Known(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
