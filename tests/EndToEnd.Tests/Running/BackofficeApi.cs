using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The backoffice over HTTP, for the person who signs in.</summary>
public sealed class BackofficeApi(HttpClient http, OrderSystem system)
{
    public HttpClient Http => http;

    /// <summary>Signs in; from then on the client's cookie tells who it is.</summary>
    public async Task SignIn(string token, string name) =>
        await MustAnswer(HttpStatusCode.NoContent, http.PostAsJsonAsync("/access/sessions", new { token, name }));

    /// <summary>Has a link made for somebody else.</summary>
    /// <returns>Its token.</returns>
    public async Task<string> MakeToken(string role)
    {
        var made = JsonDocument.Parse(await MustAnswer(HttpStatusCode.Created, http.PostAsJsonAsync("/access/links", new { role })));
        return made.RootElement.GetProperty("link").GetString()!.Split("token=")[1];
    }

    /// <summary>Waits for a dead letter of an endpoint whose body holds a text.</summary>
    public Task<DeadLetter> DeadLetter(string queue, string text) =>
        system.Eventually($"a dead letter in {queue} about {text}", async token =>
        {
            foreach (var summary in await DeadLetters(queue, cancellationToken: token))
            {
                var letter = await Get(summary.Id, token);
                if (letter.Body.Contains(text, StringComparison.OrdinalIgnoreCase))
                    return letter;
            }

            return null;
        }, letter => letter is not null)!;

    /// <summary>Waits until so many of a queue's messages have come to the desk.</summary>
    public Task<DeadLetterSummary[]> Collected(string queue, int count, TimeSpan? deadline = null) =>
        system.Eventually($"{count} dead letters from {queue}", token => DeadLetters(queue, cancellationToken: token), letters => letters.Length >= count, deadline: deadline);

    /// <summary>The first page of a queue's dead letters, newest first.</summary>
    public async Task<DeadLetterSummary[]> DeadLetters(string queue, int limit = 200, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<DeadLetterPage>($"/dead-letters?queue={queue}&limit={limit}", cancellationToken))!.Items;

    /// <summary>The groups of an endpoint.</summary>
    public async Task<DeadLetterGroup[]> Groups(string endpoint) =>
        [.. (await http.GetFromJsonAsync<DeadLetterGroup[]>("/dead-letters/groups"))!.Where(group => group.Endpoint == endpoint)];

    public async Task<DeadLetter> Get(long id, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<DeadLetter>($"/dead-letters/{id}", cancellationToken))!;

    /// <summary>Waits until a dead letter has failed so many times and is open.</summary>
    public Task<DeadLetter> HasFailed(long id, int attempts) =>
        system.Eventually($"dead letter {id} to have failed {attempts} times", token => Get(id, token),
            letter => letter.Summary.Status == "Open" && letter.Summary.Attempts == attempts, letter => letter.Summary.Attempts > attempts);

    public Task<HttpResponseMessage> Replay(long id, string reason = "mended") =>
        http.PostAsJsonAsync($"/dead-letters/{id}/replay", new { reason });

    public Task<HttpResponseMessage> ReplayGroup(Guid id, string reason = "mended") =>
        http.PostAsJsonAsync($"/dead-letters/groups/{id}/replay", new { reason });

    public Task<HttpResponseMessage> Discard(long id, string reason = "not needed") =>
        http.PostAsJsonAsync($"/dead-letters/{id}/discard", new { reason });

    public async Task MustReplay(long id, string reason = "mended") =>
        await MustAnswer(HttpStatusCode.Accepted, Replay(id, reason));

    public static async Task<string> MustAnswer(HttpStatusCode status, Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        if (!response.IsSuccessStatusCode)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return text;
    }
}

public sealed record DeadLetterPage(DeadLetterSummary[] Items, long? Next);

public sealed record DeadLetterSummary(
    long Id, Guid GroupId, string Status, string Cause, string Queue, string Endpoint, string? MessageId, string? MessageType,
    string? ExceptionType, string? ExceptionMessage, int Attempts, int Copies, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    DateTimeOffset? HandledAt, string? HandledBy);

public sealed record DeadLetterGroup(Guid Id, string Cause, string? ExceptionType, string? MessageType, string Endpoint, int Open, int Replayed, int Discarded);

public sealed record DeadLetter(
    DeadLetterSummary Summary, string? StackTrace, int Redeliveries, int Retries, int LostDeliveries, string? ContentType,
    Dictionary<string, JsonElement> Headers, string Body, string BodyEncoding, int BodySize, DeadLetterAction[] Actions);

public sealed record DeadLetterAction(string Action, string By, string Reason, DateTimeOffset At, string? Problem)
{
    public override string ToString() => $"{Action} by {By}: {Reason}";
}
