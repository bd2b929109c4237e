using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class PaymentTraces : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "Payments",
                type: "nvarchar(55)",
                maxLength: 55,
                nullable: true,
                collation: "Latin1_General_100_BIN2");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "Payments");
        }
    }
}
