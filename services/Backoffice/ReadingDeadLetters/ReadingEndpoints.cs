namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Dead letters over HTTP.</summary>
internal static class ReadingEndpoints
{
    public static void MapReadingDeadLetters(this IEndpointRouteBuilder app)
    {
        var letters = app.MapGroup("/dead-letters").WithTags("Dead letters");
        letters.MapGet("", ListDeadLetters.ListAsync).WithName("ListDeadLetters");
        letters.MapGet("groups", ListGroups.ListAsync).WithName("ListDeadLetterGroups");
        letters.MapGet("{id:long}", GetDeadLetter.GetAsync).WithName("GetDeadLetter");
    }
}
