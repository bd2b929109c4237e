using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.Backoffice.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class DeadLetterOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "OrderId",
                table: "DeadLetters",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeadLetters_OrderId_Id",
                table: "DeadLetters",
                columns: new[] { "OrderId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_DeadLetters_OrderId_Id",
                table: "DeadLetters");

            migrationBuilder.DropColumn(
                name: "OrderId",
                table: "DeadLetters");
        }
    }
}
