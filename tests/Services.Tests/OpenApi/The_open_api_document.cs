using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.Services.Tests.OpenApi;

/// <summary>What a newcomer reads of a service holds of its code: names, examples and errors of each operation.</summary>
public abstract class The_open_api_document<TEntryPoint>(DescribedApi<TEntryPoint> api) : IClassFixture<DescribedApi<TEntryPoint>>
    where TEntryPoint : class
{
    private const string ProblemJson = "application/problem+json";

    protected DescribedApi<TEntryPoint> Api => api;

    [Fact]
    public async Task Says_in_words_what_the_service_is_for()
    {
        var document = await api.ReadAsync();

        Assert.EndsWith(" service", document.Info.Title, StringComparison.Ordinal);
        Assert.Equal("1.0", document.Info.Version);
        Assert.InRange(document.Info.Description!.Split(". ").Length, 2, 3);
        Assert.Equal(["Outbox", "Chaos"], document.Tags!.TakeLast(2).Select(x => x.Name));
        Assert.All(document.Tags!, tag => Assert.False(string.IsNullOrEmpty(tag.Description), tag.Name));
    }

    [Fact]
    public async Task Names_groups_and_sums_up_each_operation()
    {
        var operations = await api.OperationsAsync();

        Assert.NotEmpty(operations);
        Assert.Equal(operations.Count, operations.Select(x => x.Name).Distinct().Count());
        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty(operation.Text.Summary), operation.Name));
        Assert.All(operations, operation => Assert.Single(operation.Text.Tags!));
        Assert.All(operations, operation => Assert.All(operation.Parameters, x => Assert.False(string.IsNullOrEmpty(x.Description), $"{operation} {x.Name}")));
    }

    [Fact]
    public async Task Describes_each_property()
    {
        var properties = from schema in (await api.ReadAsync()).Components!.Schemas!
                         where !schema.Key.EndsWith("ProblemDetails", StringComparison.Ordinal)
                         from property in schema.Value.Properties ?? new Dictionary<string, IOpenApiSchema>()
                         select (Name: $"{schema.Key}.{property.Key}", Description: property.Value.Description ?? TypeOf(property.Value).Description);

        Assert.All(properties, property => Assert.False(string.IsNullOrEmpty(property.Description), property.Name));
    }

    [Fact]
    public async Task Shows_an_example_of_what_is_sent_and_of_what_is_answered()
    {
        foreach (var operation in await api.OperationsAsync())
        {
            var metadata = operation.Endpoint.Metadata;
            Assert.Equal(metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, metadata.GetMetadata<RequestExample>()?.Body.GetType());
            Assert.Equal(operation.Text.RequestBody is null, operation.Body is null);

            var (status, answer) = Assert.Single(operation.Text.Responses!, x => x.Key[0] == '2');
            var type = metadata.OfType<IProducesResponseTypeMetadata>().Single(x => $"{x.StatusCode}" == status).Type;
            var example = metadata.OfType<ResponseExample>().Single(x => $"{x.Status}" == status);
            Assert.Equal(answer.Description, example.Description);
            Assert.Equal(type is null || type == typeof(void) ? null : type, example.Body?.GetType());
            Assert.Equal(example.Body is null, answer.Content is not { Count: > 0 });
            if (answer.Content is { Count: > 0 } content)
                AssertFits(content["application/json"].Schema!, Assert.IsAssignableFrom<JsonNode>(content["application/json"].Example), operation.Name);
        }
    }

    [Fact]
    public async Task Has_each_status_that_an_endpoint_names_and_no_endpoint_hides_one()
    {
        foreach (var operation in await api.OperationsAsync())
        {
            var named = operation.Endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(x => $"{x.StatusCode}");
            Assert.Empty(named.Except(operation.Text.Responses!.Keys).Select(status => $"{operation} {status}"));
            Assert.DoesNotContain(nameof(ProblemHttpResult), $"{operation.Endpoint.Metadata.GetMetadata<MethodInfo>()!.ReturnType}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Has_the_errors_that_all_have_in_common()
    {
        foreach (var operation in await api.OperationsAsync())
        {
            string[] shared = [
                "429",
                .. operation.Name is "GetOutbox" or "GetChaos" or "PutChaos" ? (string[])[] : ["503"],
                .. operation.Body is null ? (string[])[] : ["400", "413", "415"],
            ];
            Assert.Empty(shared.Except(operation.Text.Responses!.Keys).Select(status => $"{operation} {status}"));
        }
    }

    [Fact]
    public async Task Shows_each_error_as_a_problem()
    {
        var errors = from operation in await api.OperationsAsync()
                     from response in operation.Text.Responses!
                     where response.Key[0] is '4' or '5'
                     select (Name: $"{operation} {response.Key}", Status: response.Key, response.Value);

        Assert.All(errors, error =>
        {
            var (type, media) = Assert.Single(error.Value.Content!);
            Assert.Equal(ProblemJson, type);
            Assert.Contains(((OpenApiSchemaReference)media.Schema!).Reference.Id, new[] { "ProblemDetails", "HttpValidationProblemDetails" });
            AssertFits(media.Schema!, media.Example, error.Name);
            Assert.Equal(error.Status, $"{media.Example!["status"]}");
            Assert.True(error.Status != "400" || media.Example["errors"]!.AsObject().Count > 0, error.Name);
            Assert.NotEqual(Enum.Parse<HttpStatusCode>(error.Status).ToString(), error.Value.Description!.Replace(" ", "", StringComparison.Ordinal));
        });
    }

    /// <summary>There is no database, so what passes validation and needs one is answered with 503.</summary>
    [Fact]
    public async Task Shows_requests_that_pass_validation()
    {
        foreach (var operation in await api.OperationsAsync())
        {
            var status = await SendAsync(operation, operation.Request());
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{operation}: {status}");
        }
    }

    [Fact]
    public async Task Shows_what_is_answered_to_a_body_that_is_not_read()
    {
        var tooLarge = new string(' ', SubmitBatchEndpoint.MaxBodySize + 1);
        foreach (var operation in (await api.OperationsAsync()).Where(x => x.Body is not null))
        {
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(operation, operation.Request("{")));
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, await SendAsync(operation, operation.Request(type: "text/plain")));
            var large = operation.Request(tooLarge);
            // Sends no body that is refused: the connection would break under the sender.
            large.Headers.ExpectContinue = true;
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(operation, large));
        }
    }

    [Fact]
    public async Task Shows_what_is_answered_to_a_path_that_is_not_read()
    {
        foreach (var operation in (await api.OperationsAsync()).Where(x => x.Parameters.Any(parameter => parameter.In == ParameterLocation.Path)))
            await SendAsync(operation, operation.Request(pathValue: "~"));
    }

    [Fact]
    public async Task Says_what_is_required()
    {
        foreach (var operation in await api.OperationsAsync())
        {
            foreach (var parameter in operation.Parameters.Where(x => x.In == ParameterLocation.Query))
                await AssertRequired(parameter.Required, operation, parameter.Name!, operation.Request(without: parameter));
            if (operation.Text.RequestBody is { } body && body.Required)
                Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(operation, operation.Request("")));
            foreach (var (path, required, without) in Shortened(operation.BodySchema, operation.Body))
                await AssertRequired(required, operation, path, operation.Request(without));
        }
    }

    /// <summary>Sends it, and looks up in the document what comes back.</summary>
    protected async Task<HttpStatusCode> SendAsync(Operation operation, HttpRequestMessage request)
    {
        using var _ = request;
        using var answer = await api.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        Assert.True(operation.Text.Responses!.TryGetValue(status, out var documented), $"{operation}: {status} is not in the document. {text}");

        var (type, media) = Assert.Single(documented.Content!);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(documented.Headers?.ContainsKey("Retry-After") == true, answer.Headers.RetryAfter is not null);
        if (type == ProblemJson)
            Assert.Equal(Names(media.Example).Except(["detail"]), Names(JsonNode.Parse(text)).Except(["detail"]));
        return answer.StatusCode;
    }

    private async Task AssertRequired(bool required, Operation operation, string what, HttpRequestMessage without)
    {
        var status = await SendAsync(operation, without);
        Assert.True(required == (status == HttpStatusCode.BadRequest), $"{operation} without {what}: {status}");
    }

    private static IEnumerable<string> Names(JsonNode? json) => json!.AsObject().Select(x => x.Key).Order(StringComparer.Ordinal);

    /// <summary>The body without each of its properties in turn, and whether the document says that it is required.</summary>
    private static IEnumerable<(string Path, bool Required, string Body)> Shortened(IOpenApiSchema? schema, JsonNode? body)
    {
        foreach (var (path, required) in body is null ? [] : Properties(schema!, body))
        {
            var shortened = body!.DeepClone();
            var property = path.Aggregate((Parent: shortened, Step: (object)""), (at, step) => (at.Step is "" ? at.Parent : Of(at.Parent, at.Step), step));
            property.Parent.AsObject().Remove((string)property.Step);
            yield return (string.Join('.', path), required, shortened.ToJsonString());
        }
    }

    /// <summary>What may be null is one of null and the type itself.</summary>
    private static IOpenApiSchema TypeOf(IOpenApiSchema schema) => schema.OneOf?.FirstOrDefault(x => x.Type != JsonSchemaType.Null) ?? schema;

    private static void AssertFits(IOpenApiSchema schema, JsonNode? json, string where)
    {
        schema = TypeOf(schema);
        foreach (var item in json as JsonArray ?? [])
            AssertFits(schema.Items!, item, $"{where}[]");
        if (json is not JsonObject properties)
            return;
        Assert.Empty((schema.Required ?? new HashSet<string>()).Except(properties.Select(x => x.Key)).Select(name => $"{where}.{name} is required"));
        foreach (var (name, value) in properties)
        {
            var property = schema.Properties?.TryGetValue(name, out var known) == true ? known : schema.AdditionalProperties;
            Assert.True(property is not null, $"{where}.{name} is not in the schema");
            AssertFits(property, value, $"{where}.{name}");
        }
    }

    private static JsonNode Of(JsonNode parent, object step) => step is int index ? parent[index]! : parent[(string)step]!;

    private static IEnumerable<(object[] Path, bool Required)> Properties(IOpenApiSchema schema, JsonNode json)
    {
        schema = TypeOf(schema);
        if (json is JsonArray array)
            return array.SelectMany((item, i) => Properties(schema.Items!, item!).Select(x => ((object[])[i, .. x.Path], x.Required)));
        if (json is not JsonObject properties)
            return [];
        return properties.SelectMany(property => Properties(schema.Properties![property.Key], property.Value!)
            .Select(x => ((object[])[property.Key, .. x.Path], x.Required))
            .Prepend(([property.Key], schema.Required?.Contains(property.Key) == true)));
    }
}

/// <summary>The document of the order service.</summary>
public sealed class The_open_api_document_of_orders(DescribedApi<OrderDbContext> api) : The_open_api_document<OrderDbContext>(api)
{
    [Fact]
    public async Task Says_that_a_price_is_a_number()
    {
        var price = (await Api.ReadAsync()).Components!.Schemas!["LineRequest"].Properties!["unitPrice"];

        Assert.Equal(JsonSchemaType.Null | JsonSchemaType.Number, price.Type);
        Assert.Equal("double", price.Format);
    }

    [Fact]
    public async Task Says_how_large_a_batch_may_be()
    {
        var batch = (await Api.OperationsAsync()).Single(x => x.Name == "SubmitBatch").Text;

        Assert.Contains("500 orders in at most 8 MiB", batch.Description, StringComparison.Ordinal);
        Assert.Equal("The body is larger than 8 MiB.", batch.Responses!["413"].Description);
    }

    [Fact]
    public async Task Shows_what_is_answered_to_too_many_requests()
    {
        var operation = (await Api.OperationsAsync()).Single(x => x.Name == "GetOutbox");
        await using var limited = new DescribedApi<OrderDbContext> { Settings = { ["RateLimit:Burst"] = "1" } };
        await limited.InitializeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => limited.Client.SendAsync(operation.Request())));

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        var example = operation.Text.Responses!["429"].Content![refused.Content.Headers.ContentType!.MediaType!].Example;
        Assert.Equal($"{example!["detail"]}", $"{JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["detail"]}");
        Assert.NotNull(refused.Headers.RetryAfter);
    }
}

/// <summary>The document of the inventory service.</summary>
public sealed class The_open_api_document_of_the_inventory(DescribedApi<InventoryDbContext> api) : The_open_api_document<InventoryDbContext>(api);

/// <summary>The document of the notification service.</summary>
public sealed class The_open_api_document_of_notifications(DescribedApi<NotificationDbContext> api) : The_open_api_document<NotificationDbContext>(api);
