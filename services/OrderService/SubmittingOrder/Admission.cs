using System.Globalization;
using Microsoft.Extensions.Options;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Refuses orders with 429 while more is on its way than the system works off in good time. Nothing of them is stored.</summary>
internal static class Admission
{
    public static void AddAdmission(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AdmissionOptions>().BindConfiguration(AdmissionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderLoad>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderLoad>());
    }

    /// <summary>Puts the gate before an endpoint that takes orders.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="ordersIn">How many orders a request brings, by its arguments.</param>
    public static RouteHandlerBuilder WithAdmission(this RouteHandlerBuilder endpoint, Func<EndpointFilterInvocationContext, int> ordersIn) =>
        endpoint.ProducesProblem(StatusCodes.Status429TooManyRequests).AddEndpointFilter(async (context, next) =>
        {
            var services = context.HttpContext.RequestServices;
            var load = services.GetRequiredService<OrderLoad>();
            var orders = ordersIn(context);
            if (load.TryEnter(orders) is { } refusal)
            {
                var wait = services.GetRequiredService<IOptions<AdmissionOptions>>().Value.RetryAfter;
                context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: $"{refusal} Nothing was stored; send it again later.");
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
}
