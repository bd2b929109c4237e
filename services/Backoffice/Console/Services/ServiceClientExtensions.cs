using Microsoft.Extensions.Options;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>Registers one typed client for each service.</summary>
internal static class ServiceClientExtensions
{
    // Longer than a healthy service needs, shorter than a person waits.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        // A service is asked by its name; configuration says where it is: Services:order-service:http:0, which the app host sets.
        builder.Services.AddServiceDiscovery();
        builder.Services.AddTransient<UntracedReads>();
        builder.AddServiceClient<OrderServiceClient>(ServiceNames.Orders);
        builder.AddServiceClient<InventoryServiceClient>(ServiceNames.Inventory);
        builder.AddServiceClient<NotificationServiceClient>(ServiceNames.Notifications);
        builder.Services.AddTransient<AnyServiceClient>();
        builder.Services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section);
        builder.Services.AddOptions<AppHostOptions>().BindConfiguration(AppHostOptions.Section);
        builder.Services.AddHttpClient<AppHostClient>(AppHostClient.Configure).AddHttpMessageHandler<UntracedReads>();
    }

    private static void AddServiceClient<TClient>(this WebApplicationBuilder builder, string service)
        where TClient : class =>
        builder.Services.AddHttpClient<TClient>(service, (services, http) =>
        {
            http.BaseAddress = new Uri($"http://{service}");
            http.Timeout = Timeout;
            http.DefaultRequestHeaders.Authorization = services.GetRequiredService<IOptions<OperatorOptions>>().Value.Credentials();
        }).AddHttpMessageHandler<UntracedReads>().AddServiceDiscovery();
}
