using MassTransit;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>How messages are read: MassTransit's JSON, but nothing that is missing is made up.</summary>
public static class MessageFormat
{
    /// <summary>
    /// Refuses a message that lacks a property without a default value, or has null where the property's type has none.
    /// MassTransit would hand it to its consumer with an order id of zeros, or with null for a list.
    /// </summary>
    /// <param name="bus">The bus; what is set here holds for all buses of the process, because MassTransit's options do.</param>
    public static void RefuseIncompleteMessages(this IBusFactoryConfigurator bus) => bus.ConfigureJsonSerializerOptions(options =>
    {
        (options.RespectRequiredConstructorParameters, options.RespectNullableAnnotations) = (true, true);
        return options;
    });
}
