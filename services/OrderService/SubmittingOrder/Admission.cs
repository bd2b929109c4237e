using System.Globalization;
using Microsoft.Extensions.Options;
using OrderSample.ServiceDefaults.Health;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Refuses orders with 429 while more is on its way than the system works off in good time. Nothing of them is stored.</summary>
internal static class Admission
{
    public static void AddAdmission(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AdmissionOptions>().BindConfiguration(AdmissionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderLoad>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderLoad>());
        builder.Services.AddHealthChecks().AddCheck<OrderLoad>("load", tags: [HealthExtensions.Ready]);
    }

    /// <summary>Puts the gate before an endpoint that takes orders.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="ordersIn">How many orders a request brings, by its arguments.</param>
    public static RouteHandlerBuilder WithAdmission(this RouteHandlerBuilder endpoint, Func<EndpointFilterInvocationContext, int> ordersIn) =>
        endpoint.WithProblem(StatusCodes.Status429TooManyRequests, Refusal(OrderLoad.TooManyOrders),
            "This address sends too many requests, or more orders are on their way than the system works off in good time. Nothing was stored.")
        .AddEndpointFilter(async (context, next) =>
        {
            var services = context.HttpContext.RequestServices;
            var load = services.GetRequiredService<OrderLoad>();
            var orders = ordersIn(context);
            if (load.TryEnter(orders) is { } refusal)
            {
                var wait = services.GetRequiredService<IOptions<AdmissionOptions>>().Value.RetryAfter;
                context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: Refusal(refusal));
            }

            var stored = false;
            try
            {
                var result = await next(context);
                stored = result is INestedHttpResult { Result: IStatusCodeHttpResult { StatusCode: StatusCodes.Status202Accepted } };
                return result;
            }
            finally
            {
                if (!stored)
                    load.Leave(orders);
            }
        });

    private static string Refusal(string reason) => $"{reason} Nothing was stored; send it again later.";
}
