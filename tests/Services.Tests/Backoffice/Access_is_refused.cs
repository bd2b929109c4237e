using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What the backoffice refuses before it asks its database anything.</summary>
public sealed class Access_is_refused(BackofficeHost backoffice) : IClassFixture<BackofficeHost>
{
    /// <summary>All that is open, besides the pages' styles and scripts. What is added here is open to everybody who can reach the port; a link for the app host asks for that one's key.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready", "/access/sessions", "/access/links/app-host", "/sign-in"];

    [Fact]
    public void Only_health_and_the_way_in_are_open_and_whoever_changes_something_must_be_an_operator()
    {
        var open = backoffice.Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null);
        Assert.Equal(Open.Order(), open.Select(Path).Distinct().Order());

        var changing = backoffice.Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { } methods && !methods.Contains("GET") && !Path(endpoint).StartsWith("/_", StringComparison.Ordinal));
        Assert.Equal(["/access/links", "/dead-letters/groups/{id:guid}/replay", "/dead-letters/{id:long}/discard", "/dead-letters/{id:long}/edit", "/dead-letters/{id:long}/replay", "/lab/runs/{id:guid}/cancel", "/lab/{name}/runs"],
            changing.Where(endpoint => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(x => x.Policy == "Operator")).Select(Path).Order(StringComparer.Ordinal));
        Assert.All(changing, endpoint => Assert.True(
            Open.Contains(Path(endpoint)) || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(x => x.Policy == "Operator"), Path(endpoint)));
    }

    [Fact]
    public async Task Who_tries_to_sign_in_too_often_has_to_wait()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i <= BackofficeHost.Attempts; i++)
        {
            using var answer = await backoffice.Client.PostAsJsonAsync("/access/sessions", new { name = "eve" });
            answers.Add(answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.BadRequest, BackofficeHost.Attempts), HttpStatusCode.TooManyRequests], answers);
    }

    [Theory]
    [InlineData("/dead-letters", "application/json", HttpStatusCode.Unauthorized)]
    [InlineData("/orders", "text/html", HttpStatusCode.Redirect)]
    public async Task The_refusal_has_the_secure_headers_too(string path, string accept, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } };
        using var answer = await backoffice.Client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
}
