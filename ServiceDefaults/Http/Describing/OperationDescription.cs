using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace OrderSample.ServiceDefaults.Http.Describing;

/// <summary>
/// Adds to an operation what its endpoint says about itself, and what holds for all: a request that can't be read is refused,
/// so is a client that asks too much, the database may be away, and every error is a problem.
/// </summary>
internal sealed class OperationDescription(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    private const string ProblemJson = "application/problem+json";
    private const int KiB = 1024;

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in metadata.OfType<ParameterExample>())
            Describe(operation.Parameters?.OfType<OpenApiParameter>().Single(x => x.Name == parameter.Name), parameter);
        if (metadata.OfType<RequestExample>().SingleOrDefault() is { } request)
            operation.RequestBody!.Content!["application/json"].Example = Json(request.Body);

        var responses = operation.Responses ??= [];
        foreach (var (status, description) in SharedErrors(context.Description, metadata))
        {
            if (!responses.TryAdd(Key(status), new OpenApiResponse { Description = description }))
                responses[Key(status)].Description = description;
        }

        operation.Responses = [];
        foreach (var (key, response) in responses.OrderBy(x => x.Key, StringComparer.Ordinal))
            operation.Responses.Add(key, response);
        foreach (var own in metadata.OfType<ResponseExample>().Where(x => x.Description is not null))
            responses[Key(own.Status)].Description = own.Description;
        foreach (var (key, response) in responses)
        {
            var status = int.Parse(key, CultureInfo.InvariantCulture);
            var own = metadata.OfType<ResponseExample>().SingleOrDefault(x => x.Status == status && x.Body is not null);
            if (status >= StatusCodes.Status400BadRequest)
                await AddProblemAsync((OpenApiResponse)response, status, (ProblemDetails?)own?.Body, context, cancellationToken);
            else if (own is not null)
                AddExample((OpenApiResponse)response, own);
        }
    }

    private static IEnumerable<(int Status, string Description)> SharedErrors(ApiDescription endpoint, IList<object> metadata)
    {
        var hasBody = endpoint.ParameterDescriptions.Any(parameter => parameter.Source == BindingSource.Body);
        if (hasBody || endpoint.ParameterDescriptions.Any(CanBeUnreadable) || endpoint.SupportedResponseTypes.Any(x => x.StatusCode == StatusCodes.Status400BadRequest))
            yield return (StatusCodes.Status400BadRequest, "The request can't be read or breaks a rule. The field `errors` says what is wrong, by the path of each bad value.");
        if (hasBody)
        {
            yield return (StatusCodes.Status413PayloadTooLarge, $"The body is larger than {Size(metadata)}.");
            yield return (StatusCodes.Status415UnsupportedMediaType, "The body is not `application/json`, or its charset is unknown.");
        }

        if (metadata.OfType<OnlyForOperators>().Any())
            yield return (StatusCodes.Status401Unauthorized, "Only operators may do this: they send the key that is set as `Operators:Key`, as a bearer token. Where none is set, callers on the service's own machine need none.");
        yield return (StatusCodes.Status429TooManyRequests, "This address sends too many requests. Nothing was done.");
        if (!metadata.OfType<NeedsNoDatabase>().Any())
            yield return (StatusCodes.Status503ServiceUnavailable, "The database is not available at the moment. Nothing was stored.");
    }

    // Text is never unreadable, and what breaks a constraint of the route finds no endpoint.
    private static bool CanBeUnreadable(ApiParameterDescription parameter) =>
        parameter.Type != typeof(string) && parameter.RouteInfo?.Constraints?.Any() != true;

    private static string Size(IList<object> metadata)
    {
        var limit = metadata.OfType<IRequestSizeLimitMetadata>().LastOrDefault()?.MaxRequestBodySize ?? HttpExtensions.MaxBodySize;
        return limit % (KiB * KiB) == 0 ? $"{limit / KiB / KiB} MiB" : $"{limit / KiB} KiB";
    }

    private void Describe(OpenApiParameter? parameter, ParameterExample own)
    {
        parameter!.Description = own.Description;
        parameter.Required |= own.Required;
        if (own.Value is not null)
            parameter.Example = Json(own.Value);
    }

    private void AddExample(OpenApiResponse response, ResponseExample own)
    {
        response.Content!["application/json"].Example = Json(own.Body!);
        if (own.Location is not null)
            AddHeader(response, "Location", "Where to look at it.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" }, own.Location);
    }

    private async Task AddProblemAsync(
        OpenApiResponse response, int status, ProblemDetails? own, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var problem = own ?? Problem(status);
        // What the framework adds to a problem that is sent: its type and title, and the trace.
        var example = Json(TypedResults.Problem(problem).ProblemDetails)!;
        example["traceId"] = "00-7f0c1e5a9d3b48628c14a6f2e07b95d3-51d2c8e94b7fa063-01";
        response.Content = new Dictionary<string, OpenApiMediaType>
        {
            [ProblemJson] = new() { Schema = await SchemaAsync(problem.GetType(), context, cancellationToken), Example = example },
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            AddHeader(response, "Retry-After", "Seconds to wait before the same request is sent again.", new OpenApiSchema { Type = JsonSchemaType.Integer }, TransientFailureHandler.RetryAfterSeconds);
    }

    private static ProblemDetails Problem(int status) => status switch
    {
        StatusCodes.Status400BadRequest => BadRequestHandler.Unreadable(),
        StatusCodes.Status401Unauthorized => OperatorAccess.Refused(hasKey: true),
        StatusCodes.Status429TooManyRequests => new ProblemDetails { Status = status, Detail = RateLimiting.Detail },
        StatusCodes.Status503ServiceUnavailable => new ProblemDetails { Status = status, Detail = TransientFailureHandler.Detail },
        _ => new ProblemDetails { Status = status },
    };

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        context.Document!.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    private static void AddHeader(OpenApiResponse response, string name, string description, OpenApiSchema schema, JsonNode example)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = schema, Example = example };
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    private JsonNode? Json(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), json.Value.SerializerOptions);
}
