using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>How the console talks to a service.</summary>
internal static class ServiceHttp
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Reads something that is there.</summary>
    /// <exception cref="HttpRequestException">It is not, or the service can't be reached.</exception>
    public static async Task<T> ReadAsync<T>(this HttpClient http, string path, CancellationToken cancellationToken)
        where T : class =>
        await http.FindAsync<T>(path, cancellationToken) ?? throw new HttpRequestException($"There is no {path}.");

    /// <summary>Reads something that may not be there: null then.</summary>
    /// <exception cref="HttpRequestException">The service can't be reached, or has a problem.</exception>
    public static async Task<T?> FindAsync<T>(this HttpClient http, string path, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken);
    }

    /// <summary>Has the service do something. A refusal, and a service that is away, are answers as well.</summary>
    public static Task<ServiceAnswer<T>> DoAsync<T>(this HttpClient http, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
        where T : class =>
        http.SendAsync(method, path, body, content => content.ReadFromJsonAsync<T>(Json, cancellationToken), cancellationToken);

    /// <summary>Has the service do something that it answers with nothing but that it did.</summary>
    /// <returns>Why not, for people; null when it did.</returns>
    public static Task<string?> DoAsync(this HttpClient http, HttpMethod method, string path, CancellationToken cancellationToken) =>
        http.DoAsync(method, path, body: null, cancellationToken);

    /// <inheritdoc cref="DoAsync(HttpClient, HttpMethod, string, CancellationToken)"/>
    public static async Task<string?> DoAsync(this HttpClient http, HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        (await http.SendAsync(method, path, body, _ => Task.FromResult<object?>(null), cancellationToken)).Problem;

    private static async Task<ServiceAnswer<T>> SendAsync<T>(this HttpClient http, HttpMethod method, string path, object? body,
        Func<HttpContent, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var (problem, fields) = await ProblemAsync(response, cancellationToken);
                return new ServiceAnswer<T>(null, problem) { Refusal = response.StatusCode, Fields = fields };
            }

            return new ServiceAnswer<T>(await read(response.Content), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var reason = exception is OperationCanceledException ? "No answer in time." : exception.GetBaseException().Message;
            return new ServiceAnswer<T>(null, $"The service can't be reached, so nobody knows whether it was done. {reason}");
        }
    }

    private static async Task<(string Text, IReadOnlyDictionary<string, string> Fields)> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>();
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<ValidationProblemDetails>(Json, cancellationToken);
            var errors = problem?.Errors.SelectMany(field => field.Value.Select(error => field.Key.Length == 0 ? error : $"{field.Key} {error}")) ?? [];
            var text = string.Join("; ", errors.Prepend(problem?.Detail ?? "").Where(x => x.Length > 0));
            foreach (var (field, whys) in problem?.Errors ?? new Dictionary<string, string[]>())
                fields[field] = string.Join(' ', whys);
            return (text.Length > 0 ? text : problem?.Title ?? $"The service answered {(int)response.StatusCode}.", fields);
        }
        catch (JsonException)
        {
            return ($"The service answered {(int)response.StatusCode}.", fields);
        }
    }
}
