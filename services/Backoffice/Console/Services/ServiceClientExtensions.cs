using Microsoft.Extensions.Options;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>Registers one typed client for each service.</summary>
internal static class ServiceClientExtensions
{
    // Longer than a healthy service needs, shorter than a person waits.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServiceAddresses>().BindConfiguration(ServiceAddresses.Section);
        builder.Services.AddTransient<UntracedReads>();
        builder.AddServiceClient<OrderServiceClient>(ServiceNames.Orders, x => x.OrderService);
        builder.AddServiceClient<InventoryServiceClient>(ServiceNames.Inventory, x => x.InventoryService);
        builder.AddServiceClient<NotificationServiceClient>(ServiceNames.Notifications, x => x.NotificationService);
        builder.Services.AddTransient<AnyServiceClient>();
        builder.Services.AddOptions<AppHostOptions>().BindConfiguration(AppHostOptions.Section);
        builder.Services.AddHttpClient<AppHostClient>(AppHostClient.Configure).AddHttpMessageHandler<UntracedReads>();
    }

    private static void AddServiceClient<TClient>(this WebApplicationBuilder builder, string service, Func<ServiceAddresses, Uri?> address)
        where TClient : class =>
        builder.Services.AddHttpClient<TClient>(service, (services, http) =>
        {
            http.BaseAddress = address(services.GetRequiredService<IOptions<ServiceAddresses>>().Value);
            http.Timeout = Timeout;
        }).AddHttpMessageHandler<UntracedReads>();
}
