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
        builder.AddServiceClient<OrderServiceClient>(x => x.OrderService);
        builder.AddServiceClient<InventoryServiceClient>(x => x.InventoryService);
        builder.AddServiceClient<NotificationServiceClient>(x => x.NotificationService);
    }

    private static void AddServiceClient<TClient>(this WebApplicationBuilder builder, Func<ServiceAddresses, Uri?> address)
        where TClient : class =>
        builder.Services.AddHttpClient<TClient>((services, http) =>
        {
            http.BaseAddress = address(services.GetRequiredService<IOptions<ServiceAddresses>>().Value);
            http.Timeout = Timeout;
        }).AddHttpMessageHandler<UntracedReads>();
}
