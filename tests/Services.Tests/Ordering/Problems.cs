using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>What a refused request is answered.</summary>
internal static class Problems
{
    /// <summary>The answer is 400 and names these fields, each with one error, and no other.</summary>
    public static async Task AssertNames(HttpResponseMessage response, params string[] fields)
    {
        var problem = await AssertProblem(response, HttpStatusCode.BadRequest);
        var errors = problem.GetProperty("errors").EnumerateObject().ToList();
        Assert.Equal(fields.Order(StringComparer.Ordinal), errors.Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.All(errors, error => Assert.Single(error.Value.EnumerateArray()));
    }

    public static async Task<JsonElement> AssertProblem(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
