using System.Net;
using System.Net.Http.Json;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The backoffice: nothing is open but health and the way in, viewers look, operators act, and all they do is on record.</summary>
[Collection(SystemCollection.Name)]
public sealed class OnlyWhoSignedInGetsIn(OrderSystem system)
{
    [Theory]
    [InlineData("GET", "/dead-letters")]
    [InlineData("GET", "/dead-letters/groups")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/orders")]
    [InlineData("GET", "/no-such-page")]
    [InlineData("POST", "/dead-letters/1/replay")]
    [InlineData("POST", "/dead-letters/1/discard")]
    [InlineData("POST", "/access/links")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    public async Task When_nobody_is_signed_in_a_program_gets_401_and_a_browser_the_page_to_sign_in(string method, string path)
    {
        using var http = system.AnonymousBackoffice();
        await BackofficeApi.MustAnswer(HttpStatusCode.Unauthorized, Send(http, method, path));

        using var page = await Send(http, method, path, ("Accept", "text/html"));
        if (method == "GET")
            Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (page.StatusCode, page.Headers.Location?.OriginalString));
        else
            Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/sign-in")]
    [InlineData("/console.css")]
    [InlineData("/_framework/blazor.web.js")]
    public async Task When_nobody_is_signed_in_health_and_the_way_in_are_there(string path)
    {
        using var http = system.AnonymousBackoffice();
        using var response = await http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task When_many_use_a_link_at_the_same_moment_one_is_signed_in()
    {
        var token = await system.Backoffice.MakeToken("Viewer");
        var clients = Enumerable.Range(0, 8).Select(_ => system.AnonymousBackoffice()).ToList();

        var answers = await Task.WhenAll(clients.Select((http, i) => http.PostAsJsonAsync("/access/sessions", new { token, name = $"person {i}" })));

        Assert.Equal(1, answers.Count(x => x.StatusCode == HttpStatusCode.NoContent));
        Assert.Equal(7, answers.Count(x => x.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Single(await Read("""SELECT "Target" FROM "OperatorActions" WHERE "What" = 'Signed in' AND "By" LIKE 'person %'"""));
        using var late = system.AnonymousBackoffice();
        Assert.Contains("has been used", await BackofficeApi.MustAnswer(HttpStatusCode.Unauthorized, late.PostAsJsonAsync("/access/sessions", new { token, name = "late" })), StringComparison.Ordinal);
        Assert.Contains("prints a new link", await late.GetStringAsync($"/sign-in?token={token}"), StringComparison.Ordinal);
        Assert.Contains("not a link to sign in with", await late.GetStringAsync($"/sign-in?token={token}x"), StringComparison.Ordinal);
        Assert.DoesNotContain(token, string.Join('\n', await Read("""SELECT "SignInLinks"::text FROM "SignInLinks" """)), StringComparison.Ordinal);
        clients.ForEach(http => http.Dispose());
    }

    [Fact]
    public async Task When_a_viewer_acts_nothing_happens_and_what_an_operator_does_is_on_record()
    {
        var viewer = await system.SignedIn("vera", "Viewer");
        await viewer.DeadLetters("any");
        await BackofficeApi.MustAnswer(HttpStatusCode.Forbidden, viewer.Replay(1));
        await BackofficeApi.MustAnswer(HttpStatusCode.Forbidden, viewer.Discard(1));
        await BackofficeApi.MustAnswer(HttpStatusCode.Forbidden, viewer.Http.PostAsJsonAsync("/access/links", new { role = "Operator" }));
        Assert.Equal(["Signed in Viewer: Done"], await Deeds("vera"));

        var grace = await system.SignedIn("grace");
        await BackofficeApi.MustAnswer(HttpStatusCode.NotFound, grace.Replay(long.MaxValue, "to see"));
        await BackofficeApi.MustAnswer(HttpStatusCode.BadRequest, grace.Discard(long.MaxValue, ""));
        await grace.MakeToken("Viewer");
        Assert.Equal(
            [
                "Signed in Operator: Done", $"Replayed a dead letter dead-letters/{long.MaxValue}/replay (to see): Refused (404)",
                $"Discarded a dead letter dead-letters/{long.MaxValue}/discard (): Refused (400)", "Made a sign-in link access/links: Done",
            ],
            (await Deeds("grace"))[^4..]);
    }

    [Fact]
    public async Task When_somebody_else_says_who_acts_the_request_is_refused()
    {
        await BackofficeApi.MustAnswer(HttpStatusCode.BadRequest, system.Backoffice.Http.PostAsJsonAsync("/dead-letters/1/replay", new { by = "root", reason = "mended" }));

        // From a page of another port of this machine, to which the browser gives the cookie, too.
        using var foreign = await Send(system.Backoffice.Http, "POST", "/access/links", ("Sec-Fetch-Site", "same-site"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var socket = await Send(system.Backoffice.Http, "GET", "/_blazor", ("Sec-Fetch-Site", "same-site"), ("Upgrade", "websocket"));
        Assert.Equal(HttpStatusCode.Forbidden, socket.StatusCode);
    }

    [Theory]
    [InlineData("/orders")]
    [InlineData("/sign-in")]
    [InlineData("/dead-letters")]
    [InlineData("/dead-letters/0")]
    public async Task Every_answer_tells_the_browser_to_trust_nothing_else(string path)
    {
        using var response = await system.Backoffice.Http.GetAsync(path);

        string Header(string name) => string.Join(", ", response.Headers.TryGetValues(name, out var values) ? values : []);
        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer"), (Header("X-Content-Type-Options"), Header("Referrer-Policy")));
        Assert.Contains("no-store", Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_is_for_this_site_and_no_script()
    {
        using var http = system.AnonymousBackoffice();
        using var response = await http.PostAsJsonAsync("/access/sessions", new { token = await system.Backoffice.MakeToken("Viewer"), name = "eve" });
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task When_the_backoffice_starts_again_people_are_still_signed_in_and_used_links_still_used()
    {
        await system.Stop("backoffice");
        await system.Start("backoffice");

        await system.Eventually("the backoffice to answer", token => system.Backoffice.DeadLetters("any", cancellationToken: token), _ => true);
        using var again = system.AnonymousBackoffice();
        await BackofficeApi.MustAnswer(HttpStatusCode.Unauthorized, again.PostAsJsonAsync("/access/sessions", new { token = system.Token, name = "again" }));
    }

    private static Task<HttpResponseMessage> Send(HttpClient http, string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new StringContent("""{"role":"Viewer"}""", Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return http.SendAsync(request);
    }

    private Task<List<string>> Deeds(string person) => Read("""
        SELECT "What" || ' ' || "Target" || coalesce(' (' || "Reason" || ')', '') || ': ' || coalesce("Outcome", '?') FROM "OperatorActions" WHERE "By" = $1 ORDER BY "Id"
        """, person);

    private Task<List<string>> Read(string sql, params object[] parameters) => system.Read("backoffice-db", sql, row => row.GetString(0), parameters);
}
